// hcl2-parser as child.ts imports it: the path of its code, not the code. Its own types are wrong and not a module.
declare module "hcl2-parser/dist/index.js" {
  const path: string;
  export default path;
}
