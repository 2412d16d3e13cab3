import { wholeJobTestsuite } from "./whole-job.testsuite.ts";

wholeJobTestsuite("redis");
