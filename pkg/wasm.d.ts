/** Where a bundler put the file. */
declare const url: string;
export default url;
