using System.Text;
using Orchard.Engine.Output.Calls;
using Orchard.Engine.Output.Items;
using Orchard.Engine.Output.Scanning;

namespace Orchard.Engine.Output;

/// <summary>
/// Parses output in channels, as gpt-oss writes it: <c>analysis</c> is reasoning, <c>final</c> is the message,
/// <c>commentary to=functions.NAME</c> is a tool call, and other <c>commentary</c> is message text before a call.
/// </summary>
internal sealed class ChannelParser(ToolSet tools, IOutputItems items) : OutputParser
{
    public const string Start = "<|start|>";
    public const string Channel = "<|channel|>";
    public const string Constrain = "<|constrain|>";
    public const string Body = "<|message|>";
    public const string End = "<|end|>";
    public const string Return = "<|return|>";
    public const string Call = "<|call|>";
    public const string FinalChannel = Channel + "final" + Body;
    public const string Recipient = "to=functions.";

    private readonly MarkerScanner _scanner = new(Markers);
    private readonly StringBuilder _released = new();
    private readonly StringBuilder _header = new();
    private Part _part = Part.Opening;

    private enum Part
    {
        // The prompt ends inside the header, so the output may start with the recipient.
        Opening,
        Header,
        Reasoning,
        Message,
        Call,
    }

    public static IReadOnlyList<string> Markers { get; } = [Start, Channel, Constrain, Body, End, Return, Call];

    public override bool IsReasoning => _part == Part.Reasoning;

    public override void Complete()
    {
        _released.Clear();
        _scanner.Complete(_released);
        Emit();
        EndPart();
    }

    protected override void Read(char character)
    {
        _released.Clear();
        string? marker = _scanner.Read(character, _released);
        Emit();
        switch (marker)
        {
            case null:
                break;
            case Body:
                BeginBody(_header.ToString());
                break;
            case Start or Channel or Constrain when _part is Part.Header or Part.Opening:
                _header.Append(' ');
                _part = Part.Header;
                break;
            case Start or Channel:
                EndPart();
                _header.Clear();
                _part = Part.Header;
                break;
            default:
                EndPart();
                break;
        }
    }

    private void BeginBody(string header)
    {
        EndPart();
        _header.Clear();
        int at = header.IndexOf(Recipient, StringComparison.Ordinal);
        string name = at < 0 ? "" : header[(at + Recipient.Length)..].Split(' ', '\n')[0];
        if (tools.TryGet(name, out _))
        {
            _part = Part.Call;
            items.BeginCall(name);
        }
        else
        {
            _part = header.Contains("analysis", StringComparison.Ordinal) ? Part.Reasoning : Part.Message;
        }
    }

    private void EndPart()
    {
        if (_part == Part.Call)
        {
            items.EndCall();
        }
        else if (_part == Part.Opening)
        {
            items.Text(_header.ToString());
            _header.Clear();
        }

        _part = Part.Message;
    }

    private void Emit()
    {
        string text = _released.ToString();
        switch (_part)
        {
            case var _ when text.Length == 0:
                break;
            case Part.Header:
                _header.Append(text);
                break;
            case Part.Opening:
                _header.Append(text);
                if (!PartialMatch.MayStartWith(_header.ToString().TrimStart(), Recipient))
                {
                    EndPart();
                }

                break;
            case Part.Reasoning:
                items.Reasoning(text);
                break;
            case Part.Call:
                items.Arguments(text);
                break;
            default:
                items.Text(text);
                break;
        }
    }
}
