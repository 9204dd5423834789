// Registers every request with the connection: each is answered from the last result, is refused outside the session's life, and can be cancelled.

import { ErrorCodes, LSPErrorCodes, ResponseError, type CancellationToken, type Connection } from "vscode-languageserver/node";
import { positions } from "./convert.ts";
import { asksForAll, codeAction, resolveCodeAction } from "./requests/code-action.ts";
import { executeCommand } from "./requests/commands.ts";
import { completion } from "./requests/completion.ts";
import { definition } from "./requests/definition.ts";
import { documentLinks } from "./requests/document-link.ts";
import { rulePage } from "./requests/explain.ts";
import { hover } from "./requests/hover.ts";
import { inlayHints } from "./requests/inlay-hint.ts";
import { servicesPage } from "./requests/services.ts";
import { silencePage } from "./requests/silence.ts";
import type { Diagnostics } from "./diagnostics.ts";
import type { Faults } from "./faults.ts";
import type { RuleEntry } from "./protocol.ts";
import type { Server } from "./server.ts";

/** Reports of one partial result: a message stays below some 100 kB. */
const partSize = 50;

export function answerRequests(connection: Connection, server: Server, phase: () => "new" | "up" | "down", diagnostics: () => Diagnostics, faults: Faults): void {
  /** The library answers requests before initialize and after shutdown; the protocol says they fail. */
  const request = <P, R, X extends unknown[]>(method: string, answer: (params: P, ...rest: X) => R | Promise<R>) => (params: P, token: CancellationToken, ...rest: X): Promise<R> =>
    faults.answered(method, () => {
      if (phase() === "new") throw new ResponseError(ErrorCodes.ServerNotInitialized, "initialize first");
      if (phase() === "down") throw new ResponseError(ErrorCodes.InvalidRequest, "the server is shutting down");
      return cancellable(token, async () => answer(params, ...rest));
    });
  /** A request without parameters: the library then hands the token on alone. */
  const bare = <R>(method: string, answer: () => R | Promise<R>) => (...rest: unknown[]) => request(method, answer)(undefined, rest.at(-1) as CancellationToken);
  const at = async ({ uri }: { readonly uri: string }) => server.workspace.known(uri);

  connection.languages.diagnostics.on(request("textDocument/diagnostic", async ({ textDocument, previousResultId }) => {
    await server.workspace.settled();
    return diagnostics().document(textDocument.uri, previousResultId);
  }));
  connection.languages.diagnostics.onWorkspace(request("workspace/diagnostic", async ({ previousResultIds }, _, partial) => {
    await server.workspace.settled();
    const items = [...diagnostics().workspace(new Map(previousResultIds.map((one) => [one.uri, one.value])))];
    if (!partial) return { items };
    for (let index = 0; index < items.length; index += partSize) partial.report({ items: items.slice(index, index + partSize) });
    return { items: [] };
  }));
  connection.onCodeAction(request("textDocument/codeAction", async (params) => {
    if (asksForAll(params)) await server.workspace.settled();
    // Without a way to ask for an edit later, it has to be made from texts that stand still.
    else if (!server.terms.capabilities.resolveEdit && server.workspace.busy) await server.workspace.settled();
    const place = await at(params.textDocument);
    return place ? codeAction(server, place, params) : [];
  }));
  connection.onCodeActionResolve(request("codeAction/resolve", (action) => resolveCodeAction(server, action)));
  connection.onHover(request("textDocument/hover", async (params) => {
    const place = await at(params.textDocument);
    return place ? hover(server, place, params) : null;
  }));
  connection.onDefinition(request("textDocument/definition", async (params) => {
    const place = await at(params.textDocument);
    return place ? definition(place, params) : [];
  }));
  connection.onDocumentLinks(request("textDocument/documentLink", async ({ textDocument }) => {
    const place = await at(textDocument);
    return place ? documentLinks(server, place) : [];
  }));
  connection.languages.inlayHint.on(request("textDocument/inlayHint", async ({ textDocument, range }) => {
    const place = server.options.inlayHints ? await at(textDocument) : undefined;
    return place ? inlayHints(server, place, range) : [];
  }));
  connection.onCompletion(request("textDocument/completion", ({ textDocument: { uri }, position }) => {
    const document = server.documents.get(uri);
    const place = server.workspace.locate(uri);
    if (!document || document.desynced) return [];
    const table = positions(document.text, server.terms.capabilities.encoding);
    return completion(server, place?.path ?? uri, document.text, table.offset(position), table, place?.view);
  }));
  connection.onExecuteCommand(request("workspace/executeCommand", ({ command, arguments: args }) => executeCommand(connection, server, command, args ?? [])));

  connection.onRequest("pitlint/rules", bare("pitlint/rules", (): RuleEntry[] => [...server.rules.values()].map(({ id, title }) => ({ id, title: server.translation.title(title) }))));
  connection.onRequest("pitlint/rulePage", request("pitlint/rulePage", ({ rule }: { readonly rule: string }) => rulePage(server, rule) ?? null));
  connection.onRequest("pitlint/services", bare("pitlint/services", async () => (await server.workspace.settled(), servicesPage(server))));
  connection.onRequest("pitlint/silence", request("pitlint/silence", async ({ uri }: { readonly uri: string }) => {
    await server.workspace.settled();
    const place = server.workspace.locate(uri);
    return place ? silencePage(server, place) : null;
  }));
}

/** Ends a request at once when the client cancels it; what runs for others goes on. */
function cancellable<T>(token: CancellationToken, work: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new ResponseError(LSPErrorCodes.RequestCancelled, "cancelled"));
    if (token.isCancellationRequested) cancel();
    const listening = token.onCancellationRequested(cancel);
    work().then(resolve, reject).finally(() => listening.dispose());
  });
}
