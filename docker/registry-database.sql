-- The schema registry has a database of its own on the same server.
CREATE DATABASE registry;
