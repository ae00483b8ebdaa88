//! Every export to JavaScript, and the browser's network; nothing else.
