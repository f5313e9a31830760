using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Orchard.Responses;
using Orchard.Server.Errors;
using Orchard.Server.Generation;
using Orchard.Server.Models;
using Orchard.Server.Serving;
using Orchard.Server.Streaming;

namespace Orchard.Server.OpenAI.Responses;

/// <summary><c>POST /v1/responses</c> and <c>POST /v1/responses/input_tokens</c>.</summary>
internal static class ResponsesEndpoint
{
    /// <summary>Answers a request.</summary>
    public static async Task HandleAsync(Served served)
    {
        (string model, ResponsesRequest body, ResponseRequest request) = await ReadAsync(served).ConfigureAwait(false);
        var text = new ResponseText(body.Model ?? model, body, ResponsesMapping.WantsSummary(body));
        if (body.Stream is true)
        {
            await StreamAsync(served, model, request, body, text).ConfigureAwait(false);
            return;
        }

        Response response = await served.Client.ResponsesAsync(model, request, served.Aborted).ConfigureAwait(false);
        string json = text.Of(response);
        Keep(served, body, response, json);
        served.WriteIgnored();
        served.Http.Response.ContentType = "application/json; charset=utf-8";
        await served.Http.Response.WriteAsync(json, Encoding.UTF8, served.Aborted).ConfigureAwait(false);
    }

    /// <summary>Counts the tokens of an input.</summary>
    public static async Task CountAsync(Served served)
    {
        (string model, _, ResponseRequest request) = await ReadAsync(served).ConfigureAwait(false);
        int tokens = await served.Client.CountTokensAsync(model, request, served.Aborted).ConfigureAwait(false);
        await served.WriteAsync(new InputTokens { Count = tokens }, OpenAIJson.Wire.InputTokens).ConfigureAwait(false);
    }

    private static async Task<(string Model, ResponsesRequest Body, ResponseRequest Request)> ReadAsync(Served served)
    {
        ResponsesRequest body = await RequestBody.ReadAsync(served.Http, OpenAIJson.Wire.ResponsesRequest).ConfigureAwait(false);
        string model = served.ResolveModel(body.Model);
        served.Prompt = new PromptField("input"); // an item is no message: a message of the conversation can come from several of them
        ResponseStore store = served.Get<ResponseStore>();
        IReadOnlyList<ResponseItem> items = InputItems.Read(
            new Field("input", body.Input), served.Ignored, id => store.FindItem(id, served.Caller));
        if (body.PreviousResponseId is { } id)
        {
            StoredResponse previous = store.Find(id, served.Caller) ?? throw NotStored(id);
            items = [.. previous.Input, .. previous.Output, .. items];
        }

        return (model, body, ResponsesMapping.ToRequest(body, items, served.Ignored));
    }

    private static async Task StreamAsync(
        Served served, string model, ResponseRequest request, ResponsesRequest body, ResponseText text)
    {
        ResponseSnapshotEvent? last = null;
        await served.StreamAsync(
            StreamFormat.ServerSentEvents,
            token => WithStatusAsync(served, served.Client.ResponsesStreamAsync(model, request, token), token),
            (stream, one) =>
            {
                last = one as ResponseSnapshotEvent ?? last;
                string? error = one is ResponseFailedEvent { Response.Error: { } failure } ? MessageOf(served, failure) : null;
                string json = text.Of(one, error);
                stream.WriteText(json, one.Type);
                End(served, stream, one, body, json, error);
            },
            stream => Repeat(stream, last, text),
            isPreliminary: static one => one is ResponseCreatedEvent or ResponseInProgressEvent).ConfigureAwait(false);
    }

    // Some clients do not count comments, so that they need an event while the model is loaded or the prompt is computed.
    private static void Repeat(StreamedResponse stream, ResponseSnapshotEvent? last, ResponseText text)
    {
        stream.WriteComment();
        if (last is ResponseInProgressEvent)
        {
            stream.WriteText(text.Of(last), last.Type);
        }
    }

    // An error before the headers are sent has its own status code.
    private static async IAsyncEnumerable<ResponseEvent> WithStatusAsync(
        Served served, IAsyncEnumerable<ResponseEvent> events, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ResponseEvent one in events.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return one is ResponseFailedEvent { Response.Error.Exception: { } cause } && !served.Http.Response.HasStarted
                ? throw cause
                : one;
        }
    }

    private static void End(Served served, StreamedResponse stream, ResponseEvent one, ResponsesRequest body, string json, string? error)
    {
        switch (one)
        {
            case ResponseFailedEvent failed:
                // Some clients read only this.
                stream.Write(
                    new ErrorEvent
                    {
                        Code = failed.Response.Error?.Code ?? ResponseErrorCodes.ServerError,
                        Message = error ?? "The response failed.",
                        SequenceNumber = failed.SequenceNumber + 1,
                    },
                    OpenAIJson.Wire.ErrorEvent,
                    "error");
                break;
            case ResponseCompletedEvent or ResponseIncompleteEvent:
                Response response = ((ResponseSnapshotEvent)one).Response;
                Keep(served, body, response, WithoutEvent(json));
                break;
        }
    }

    private static string MessageOf(Served served, ResponseError error) =>
        error.Exception is { } cause ? Failures.Report(served, cause).Message : served.Model?.Conceal(error.Message) ?? error.Message;

    private static string WithoutEvent(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 2048 });
        return document.RootElement.GetProperty("response").GetRawText();
    }

    private static void Keep(Served served, ResponsesRequest body, Response response, string json)
    {
        if (body.Store is not false)
        {
            served.Get<ResponseStore>().Add(new StoredResponse
            {
                Id = response.Id,
                Caller = served.Caller,
                Json = json,
                Input = response.Request.Input,
                Output = response.Output,
            });
        }
    }

    private static ApiException NotStored(string id) => new(new ApiError
    {
        Status = StatusCodes.Status404NotFound,
        Code = "previous_response_not_found",
        Param = "previous_response_id",
        Message = $"The response '{id}' is not stored, because the server keeps a limited number of them in memory. "
            + "Send the whole conversation.",
    });
}
