-- Paths from a dimension back to the instruments and curves that carry it.

create index taxonomy_instruments_by_commodity on taxonomy_instruments (tenant_id, commodity, region);

create index taxonomy_instruments_by_region on taxonomy_instruments (tenant_id, region);

create index taxonomy_regions_by_parent on taxonomy_regions (tenant_id, parent_region);

create index instrument_aliases_by_instrument on instrument_aliases (tenant_id, instrument_id);

create index curve_metadata_by_commodity on curve_metadata (tenant_id, commodity, region);
