using System.Text;

namespace Orchard.Engine.Output.Calls;

/// <summary>Parses the text after a marker that may start calls, character by character. Not thread-safe.</summary>
internal abstract class CallReader
{
    /// <summary>Characters read that are not part of a call. They become text unless a call follows.</summary>
    public StringBuilder Unread { get; } = new();

    /// <summary>Whether there was a call. Otherwise the marker was text.</summary>
    public bool HasCalls { get; private set; }

    /// <summary>Processes a character.</summary>
    public abstract CallProgress Read(char character);

    /// <summary>Passes a character to a call.</summary>
    protected CallProgress Read(CallBody body, char character)
    {
        CallProgress progress = body.Read(character);
        if (body.HasBegun)
        {
            HasCalls = true;
            Unread.Clear();
        }
        else if (progress == CallProgress.More)
        {
            Unread.Append(character);
        }

        return progress;
    }

    /// <summary>Copies the state of another reader that does the work.</summary>
    protected void Follow(CallReader other, string before)
    {
        HasCalls = other.HasCalls;
        Unread.Clear().Append(HasCalls ? "" : before).Append(other.Unread);
    }

    /// <summary>Keeps a character that is not part of a call.</summary>
    protected CallProgress Keep(char character)
    {
        Unread.Append(character);
        return CallProgress.More;
    }
}
