package main

// version is set when the binary is built.
var version = "dev"
