using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output;

/// <summary>A cache of the most recently used output rules, since many requests have the same. Thread-safe.</summary>
internal sealed class OutputRulesCache
{
    private const int Capacity = 32;

    private readonly Lock _lock = new();
    private readonly LinkedList<(Key Key, OutputRules Rules)> _newestFirst = [];

    /// <summary>Returns the rules of a prompt. Throws the exceptions of <see cref="OutputRules.Of"/>.</summary>
    public OutputRules Find(WirePrompt prompt)
    {
        var key = new Key(prompt);
        lock (_lock)
        {
            for (LinkedListNode<(Key Key, OutputRules Rules)>? node = _newestFirst.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _newestFirst.Remove(node);
                    _newestFirst.AddFirst(node);
                    return node.Value.Rules;
                }
            }
        }

        OutputRules rules = OutputRules.Of(prompt);
        lock (_lock)
        {
            _newestFirst.AddFirst((key, rules));
            if (_newestFirst.Count > Capacity)
            {
                _newestFirst.RemoveLast();
            }
        }

        return rules;
    }

    private readonly record struct Key(
        string Format, string Tools, string Choice, int Min, int Max, ToolCallFormat? Calls, ThinkingTokens Reasoning)
    {
        public Key(WirePrompt prompt)
            : this(
                prompt.ResponseFormatJson,
                prompt.CallSchemasJson(),
                prompt.ToolChoice,
                prompt.MinToolCalls,
                prompt.MaxToolCalls,
                prompt.ToolCallingTokens.Formats is [var first, ..] ? first : null,
                prompt.ThinkingTokens)
        {
        }
    }
}
