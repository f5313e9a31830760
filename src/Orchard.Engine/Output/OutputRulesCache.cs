using System.Runtime.ExceptionServices;
using Orchard.Grammars;
using Orchard.Grammars.Schemas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Output;

/// <summary>
/// A cache of the most recently used output rules, since many requests have the same, and of the reasons why rules cannot be compiled.
/// Thread-safe.
/// </summary>
internal sealed class OutputRulesCache
{
    private const int Capacity = 32;
    private const long MaxBytes = 128L << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<Entry> _newestFirst = []; // guarded by _lock
    private long _bytes; // guarded by _lock

    /// <summary>Whether the rules of a prompt have to be compiled first, which can take a while.</summary>
    public bool MustCompile(WirePrompt prompt) =>
        (prompt.ResponseFormatJson.Length > 0 || prompt.CallSchemasJson().Length > 0) && Find(new Key(prompt)) is null;

    /// <summary>Returns the rules of a prompt. Throws the exceptions of <see cref="OutputRules.Of"/>.</summary>
    public OutputRules Find(WirePrompt prompt, CancellationToken cancellationToken = default)
    {
        var key = new Key(prompt);
        Entry entry = Find(key) ?? Add(Compile(key, prompt, cancellationToken));
        if (entry.Failure is { } failure)
        {
            ExceptionDispatchInfo.Throw(failure);
        }

        return entry.Rules!;
    }

    private static Entry Compile(Key key, WirePrompt prompt, CancellationToken cancellationToken)
    {
        try
        {
            var rules = OutputRules.Of(prompt, cancellationToken);
            return new Entry(key, rules, null, rules.Grammar?.Bytes ?? 0);
        }
        catch (Exception e) when (e is GrammarException or SchemaException or ArgumentException)
        {
            return new Entry(key, null, e, 0);
        }
    }

    private Entry? Find(Key key)
    {
        lock (_lock)
        {
            for (LinkedListNode<Entry>? node = _newestFirst.First; node is not null; node = node.Next)
            {
                if (node.Value.Key == key)
                {
                    _newestFirst.Remove(node);
                    _newestFirst.AddFirst(node);
                    return node.Value;
                }
            }

            return null;
        }
    }

    private Entry Add(Entry entry)
    {
        lock (_lock)
        {
            _newestFirst.AddFirst(entry);
            _bytes += entry.Bytes;
            while (_newestFirst.Count > Capacity || (_bytes > MaxBytes && _newestFirst.Count > 1))
            {
                _bytes -= _newestFirst.Last!.Value.Bytes;
                _newestFirst.RemoveLast();
            }
        }

        return entry;
    }

    private sealed record Entry(Key Key, OutputRules? Rules, Exception? Failure, long Bytes);

    private readonly record struct Key(
        string Format,
        string Tools,
        (string Choice, int Min, int Max) Count,
        ToolCallFormat? Calls,
        string Form,
        (ThinkingTokens Marks, bool IsEmpty) Reasoning)
    {
        public Key(WirePrompt prompt)
            : this(
                prompt.ResponseFormatJson,
                prompt.CallSchemasJson(),
                (prompt.ToolChoice, prompt.MinToolCalls, prompt.MaxToolCalls),
                prompt.ToolCallingTokens.Formats is [var first, ..] ? first : null,
                prompt.Extensions.CallForm,
                (prompt.ThinkingTokens, prompt.Extensions.EmptyReasoning))
        {
        }
    }
}
