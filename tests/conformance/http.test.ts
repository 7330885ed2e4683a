import { openUndiciHttp } from '../../drivers/http-undici/http.ts';
import { httpConformance } from './http.ts';

httpConformance('undici', openUndiciHttp);
