import { createServer } from "node:http";
import { quote } from "./prices";

const server = createServer(async (request, response) => {
  response.end(JSON.stringify(await quote(request.url ?? "")));
});
server.requestTimeout = 45_000;
server.listen(8080);
