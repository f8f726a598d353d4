// Reads an AsyncAPI document from standard input and prints what the public parser finds, as JSON.
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const { document, diagnostics } = await new Parser().parse(readFileSync(0, "utf8"));
const found = diagnostics.map(({ code, message, path, severity }) => ({ code, message, path, severity }));
const channels = document ? document.channels().all().map((channel) => channel.address()) : [];
const messages = document ? document.allMessages().all().map((message) => message.name()) : [];
console.log(JSON.stringify({ found, channels, messages }));
