namespace Orchard.Engine.Output.Items;

/// <summary>Receives the items of an output, one after the other, each in pieces of any size.</summary>
internal interface IOutputItems
{
    /// <summary>Adds a piece of the message to the user.</summary>
    void Text(ReadOnlySpan<char> piece);

    /// <summary>Adds a piece of the model's reasoning.</summary>
    void Reasoning(ReadOnlySpan<char> piece);

    /// <summary>Starts a call of one of the request's tools. Its arguments follow.</summary>
    void BeginCall(string name);

    /// <summary>Adds a piece of the arguments' JSON.</summary>
    void Arguments(ReadOnlySpan<char> piece);

    /// <summary>Ends the call. Not called for a call that is cut off by the end of the output.</summary>
    void EndCall();
}
