export { isAlias, isMap, isScalar, isSeq, parseDocument, stringify } from "yaml";
