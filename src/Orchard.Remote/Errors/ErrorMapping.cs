using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Orchard.Models;

namespace Orchard.Remote.Errors;

/// <summary>Maps what went wrong with a request to the exceptions of the client. Pure.</summary>
internal static class ErrorMapping
{
    private const int MaxShown = 20;

    /// <summary>Maps an error that the server reports.</summary>
    /// <param name="status">The status of the response, or that of an error in a stream.</param>
    /// <param name="error">What the server says.</param>
    /// <param name="scene">Who was asked for what.</param>
    public static Failure OfStatus(int status, ErrorDetails error, ErrorScene scene)
    {
        string said = scene.Quote(error.Message);
        if (status < 500 && status is not (401 or 403 or 408 or 429) && ContextNumbers.IsContextError(error))
        {
            return new Failure(new ContextLengthExceededException(
                $"The prompt does not fit the context of '{scene.Model}' at {scene.Address}.{said} Shorten the conversation, lower "
                + "MaxOutputTokens, or use a model with a longer context.",
                ContextNumbers.PromptTokens(error),
                ContextNumbers.ContextLength(error)));
        }

        return status switch
        {
            401 or 403 => new Failure(new ModelAccessException(
                scene.Model,
                $"{scene.Address} refuses access to '{scene.Model}' (status {status}).{said} Set RemoteEndpoint.ApiKey to a key that "
                + "is allowed to use the model.",
                page: null,
                innerException: null)),
            404 when IsModel(error) => new Failure(NoModel(scene, said)),
            404 or 405 or 501 => new Failure(Rejected(
                scene, status, said, RequestErrorCodes.Unsupported, "Check RemoteEndpoint.BaseAddress; the server may not offer this.")),
            408 or 429 or 503 or 504 => Transient(Rejected(
                scene, status, said, RequestErrorCodes.Overloaded, "Try again later, or with fewer requests at the same time."), true),
            >= 300 and < 400 => new Failure(Rejected(
                scene, status, said, RequestErrorCodes.InvalidRequest, "Redirects are not followed: set RemoteEndpoint.BaseAddress to the "
                + "address that the server itself has.")),
            >= 500 => Transient(
                Rejected(scene, status, said, RequestErrorCodes.Internal, "Its log has the reason."), status is 500 or 502),
            _ => new Failure(OfRequest(status, error, said, scene)),
        };
    }

    /// <summary>Maps a failure to connect, to send or to receive.</summary>
    public static Failure OfConnection(Exception error, ErrorScene scene, bool wasSent = true)
    {
        bool isTls = error is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }
            || error.GetBaseException() is AuthenticationException;
        string problem = error switch
        {
            _ when isTls => $"no secure connection can be made ({Innermost(error)}). Check the server's certificate; if a "
                + "private authority issued it, set RemoteEndpoint.TrustedCertificateFile; if the server asks for one of the client, "
                + "RemoteEndpoint.ClientCertificateFile",
            HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } =>
                "its name is not known. Check RemoteEndpoint.BaseAddress",
            HttpRequestException { InnerException: SocketException { SocketErrorCode: SocketError.ConnectionRefused } } =>
                "nothing listens there. Start the server, or check RemoteEndpoint.BaseAddress",
            OperationCanceledException or HttpRequestException { InnerException: OperationCanceledException or TimeoutException } =>
                "it does not accept the connection in time. Check that it runs, or raise RemoteEndpoint.ConnectTimeout",
            HttpRequestException or IOException when wasSent => $"the connection ended before the answer was complete ({Innermost(error)})",
            _ => Innermost(error),
        };
        return new Failure(new RemoteConnectionException(
            $"'{scene.Model}' was not reached at {scene.Address}: {problem}. Request {scene.RequestId}.", scene.Address, error))
        {
            IsTransient = !isTls,
            IsOfServer = true,
        };
    }

    /// <summary>Maps data that no server of the API sends.</summary>
    public static ProtocolException OfGarbage(ErrorScene scene, string problem, Exception? cause = null) => new(
        $"What {scene.Address} sent for '{scene.Model}' is not an answer of OpenAI's API: {problem}. Check that "
        + $"RemoteEndpoint.BaseAddress is the address of a model server. Request {scene.RequestId}.",
        cause);

    /// <summary>Returns the exception for a model that the server does not have.</summary>
    public static ModelNotFoundException NoModel(ErrorScene scene, string said)
    {
        string offered = scene.Offered.Count == 0
            ? "Ask the server with GET /v1/models which models it has."
            : $"It has {string.Join(", ", scene.Offered.Take(MaxShown).Select(static name => $"'{name}'"))}"
                + (scene.Offered.Count > MaxShown ? $" and {scene.Offered.Count - MaxShown} others." : ".");
        IReadOnlyList<string> nearest = NearestNames.Find(scene.Model, scene.Offered);
        return new ModelNotFoundException(
            scene.Model, $"{scene.Address} has no model '{scene.Model}'.{said} {offered}", nearest.Count > 0 ? nearest : scene.Offered);
    }

    private static OrchardException OfRequest(int status, ErrorDetails error, string said, ErrorScene scene)
    {
        if (error.Code == "unsupported_schema")
        {
            return new UnsupportedSchemaException($"{scene.Address} cannot enforce the schema.{said}", path: null, keyword: null);
        }

        string code = error.Code is RequestErrorCodes.InvalidResponseFormat || IsFormat(error) ? RequestErrorCodes.InvalidResponseFormat
            : error.Code is "unsupported" or "unsupported_value" or "unsupported_parameter" ? RequestErrorCodes.Unsupported
            : RequestErrorCodes.InvalidRequest;
        string advice = code == RequestErrorCodes.Unsupported
            ? "Leave the option at its default, or set RemoteEndpoint.UseServerSampling if the model accepts no sampling options."
            : "Change the options or the conversation as it says.";
        return Rejected(scene, status, said, code, advice);
    }

    private static RequestRejectedException Rejected(ErrorScene scene, int status, string said, string code, string advice) => new(
        $"{scene.Address} did not answer the request for '{scene.Model}' (status {status}).{said} {advice} Request {scene.RequestId}.",
        code);

    private static Failure Transient(Exception error, bool isTransient) => new(error) { IsTransient = isTransient, IsOfServer = true };

    private static bool IsModel(ErrorDetails error) =>
        error.Code == "model_not_found"
        || error.Param == "model"
        || (error.Message.Contains("model", StringComparison.OrdinalIgnoreCase)
            && (error.Message.Contains("not exist", StringComparison.OrdinalIgnoreCase)
                || error.Message.Contains("not found", StringComparison.OrdinalIgnoreCase)));

    private static bool IsFormat(ErrorDetails error) =>
        error.Param.StartsWith("response_format", StringComparison.Ordinal)
        || error.Message.Contains("grammar", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("json_schema", StringComparison.OrdinalIgnoreCase)
        || error.Message.Contains("response_format", StringComparison.OrdinalIgnoreCase);

    private static string Innermost(Exception error) => ErrorDetails.Clean(error.GetBaseException().Message).TrimEnd('.');
}
