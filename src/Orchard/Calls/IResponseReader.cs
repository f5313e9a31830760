using System.Diagnostics.CodeAnalysis;
using Orchard.Protocol.Messages.Deltas;

namespace Orchard.Calls;

/// <summary>Turns the deltas of one response into the results that the caller reads. Not thread-safe.</summary>
/// <typeparam name="T">The type of the results.</typeparam>
internal interface IResponseReader<T>
    where T : class
{
    /// <summary>Characters of text in the results so far.</summary>
    int ReceivedCharacters { get; }

    /// <summary>Takes a result that exists before the first delta; false when there is none left.</summary>
    bool TryTakeInitial([NotNullWhen(true)] out T? result);

    /// <summary>Reads a delta; null when it changes nothing that the caller sees.</summary>
    /// <exception cref="ProtocolException">A part of the response was lost, came twice, or cannot be read.</exception>
    T? Read(ResponseDelta delta);

    /// <summary>Returns an error that a delta reports with the part of the request that it is about, as far as that is known.</summary>
    OrchardException Locate(ResponseDelta delta, OrchardException error) => error;

    /// <summary>Reads a delta that reports an error as a result; null when the error ends the whole request.</summary>
    T? ReadFailure(ResponseDelta delta, OrchardException error);
}
