using System.Text.Encodings.Web;
using System.Text.Json;
using Orchard.Remote.Configuration;
using Orchard.Remote.Transport;

namespace Orchard.Remote.Requests;

/// <summary>The request for the answers to one conversation.</summary>
/// <param name="Body">The JSON.</param>
/// <param name="Ignored">The options that were left out, because the server does not support them.</param>
internal sealed record ChatBody(RequestBody Body, IReadOnlyList<string> Ignored)
{
    /// <summary>The stop sequences beyond those that the server accepts, which are to be found here.</summary>
    public IReadOnlyList<string> Stops { get; private init; } = [];

    // The server parses the JSON; no browser does.
    private static readonly JsonWriterOptions Writing = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = 2048,
        SkipValidation = true,
    };

    /// <summary>Writes the request.</summary>
    /// <param name="settings">The endpoint.</param>
    /// <param name="profile">What its servers support.</param>
    /// <param name="model">The server's name of the model.</param>
    /// <param name="prompt">The conversation; its options are not null.</param>
    /// <exception cref="NotSupportedException">
    /// The server does not support an option, and the endpoint does not leave such options out.
    /// </exception>
    /// <exception cref="RequestRejectedException">The server can enforce no such format.</exception>
    public static ChatBody Write(EndpointSettings settings, ServerProfile profile, string model, ChatPrompt prompt)
    {
        GenerationOptions options = prompt.Options!;
        if (options.GeneratedCandidates > 1 && !profile.Candidates)
        {
            // Without it, the result would lack what the caller is going to read.
            throw Refusal(settings, profile, options.CandidateCount > 1 ? nameof(options.CandidateCount) : nameof(options.BestOf));
        }

        var refused = new List<string>();
        RequestBody body = Build(json =>
        {
            json.WriteString("model"u8, model);
            MessageWriter.Write(json, prompt.Messages, profile.ReasoningInHistory);
            json.WriteBoolean("stream"u8, true);
            json.WriteStartObject("stream_options"u8);
            json.WriteBoolean("include_usage"u8, true);
            json.WriteEndObject();
            var fields = new OptionFields(json, profile, options, refused);
            fields.WriteSampling(settings.UseServerSampling);
            fields.WriteEnd();
            fields.WriteOthers();
            ToolWriter.Write(json, profile, options, refused);
            ReasoningWriter.Write(json, profile, options, refused);
            try
            {
                if (!FormatWriter.TryWrite(json, profile, options.ResponseFormat))
                {
                    refused.Add(nameof(options.ResponseFormat));
                }
            }
            catch (FormatException e)
            {
                throw new RequestRejectedException(
                    $"The format of the answer cannot be enforced by {profile.Title} at {settings.Addresses[0]} "
                    + $"('{settings.Name}'): {e.Message}",
                    RequestErrorCodes.InvalidResponseFormat);
            }
        });
        if (refused.Count > 0 && !settings.BestEffort)
        {
            body.Dispose();
            throw Refusal(settings, profile, refused[0]);
        }

        return new ChatBody(body, refused) { Stops = [.. options.StopSequences.Skip(profile.MaxStops)] };
    }

    /// <summary>Returns the exception for an option that a server does not support.</summary>
    public static NotSupportedException Refusal(EndpointSettings settings, ServerProfile profile, string option) => new(
        $"The option {option} is not supported by {profile.Title} at {settings.Addresses[0]} ('{settings.Name}'). Leave it at its default, "
        + "or set RemoteEndpoint.BestEffort to leave out what the server does not support.");

    /// <summary>Returns a request whose members are written by an action.</summary>
    public static RequestBody Build(Action<Utf8JsonWriter> write)
    {
        var buffer = new PooledBuffer();
        try
        {
            using var json = new Utf8JsonWriter(buffer, Writing);
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
            json.Flush();
        }
        catch
        {
            buffer.Dispose();
            throw;
        }

        return new RequestBody(buffer);
    }
}
