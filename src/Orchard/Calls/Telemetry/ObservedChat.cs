using System.Diagnostics;
using Orchard.Diagnostics;

namespace Orchard.Calls.Telemetry;

/// <summary>Telemetry of one call: its span, and the measurements at its end. Prompts and answers are not recorded.</summary>
internal sealed class ObservedChat : IDisposable
{
    private const string OperationName = "chat";

    private readonly ObservedRequest _request;
    private readonly Activity? _span;
    private readonly bool _isNested;
    private readonly long _start = Stopwatch.GetTimestamp();
    private List<string>? _finishReasons;
    private bool _hasOutput;
    private long _inputTokens;
    private long _cachedTokens;
    private long _outputTokens;
    private long _reasoningTokens;
    private string? _localModel;
    private string _outcome = "abandoned";
    private Exception? _error;

    public ObservedChat(ObservedRequest request)
    {
        _request = request;

        // If a caller already has a span for this chat, it describes the request; this span is then a child of it.
        _isNested = Activity.Current?.GetTagItem(TagNames.OperationName) is OperationName;
        _span = _isNested
            ? OrchardTelemetry.Spans.StartActivity("orchard.chat", ActivityKind.Internal)
            : OrchardTelemetry.Spans.StartActivity($"{OperationName} {request.Model}", ActivityKind.Client);
        if (_span is { IsAllDataRequested: true })
        {
            Describe(_span);
        }
    }

    public void OnDelta(ChatDelta delta)
    {
        if (!_hasOutput && (delta.Text.Length > 0 || delta.Reasoning.Length > 0 || delta.ToolCalls.Count > 0))
        {
            _hasOutput = true;
            ChatMetrics.TimeToFirstToken.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, ModelTags());
        }

        if (delta.Origin is { Source: null, Model: { } model })
        {
            _localModel = model; // of a route
        }

        if (delta.FinishReason is { } reason)
        {
            (_finishReasons ??= []).Add(NameOf(reason));
        }

        if (delta.Usage is { } usage)
        {
            if (delta.CandidateIndex == 0) // the candidates of a conversation share its prompt
            {
                _inputTokens += usage.PromptTokens;
                _cachedTokens += usage.CachedTokens;
            }

            _outputTokens += usage.CompletionTokens;
            _reasoningTokens += usage.ReasoningTokens;
        }
    }

    public void Complete() => _outcome = "completed";

    public void Fail(Exception error, bool isCancelled)
    {
        // That the caller cancels is no error.
        bool isAborted = isCancelled && error is OperationCanceledException;
        _outcome = isAborted ? "cancelled" : "failed";
        _error = isAborted ? null : error;
    }

    public void Dispose()
    {
        TagList tags = ModelTags();
        tags.Add(TagNames.Outcome, _outcome);
        if (_error is not null)
        {
            tags.Add(TagNames.ErrorType, _error.GetType().FullName);
        }

        ChatMetrics.Duration.Record(Stopwatch.GetElapsedTime(_start).TotalSeconds, tags);
        Count("input", _inputTokens);
        Count("cached", _cachedTokens);
        Count("output", _outputTokens);
        EndSpan();
    }

    // With the identity of the model, by which the engine's metrics can be joined, once it is loaded.
    private TagList ModelTags()
    {
        var tags = new TagList { { TagNames.RequestModel, _request.Model } };
        if ((_request.Served()?.ModelId ?? _localModel) is { } model)
        {
            tags.Add(TagNames.ModelId, model);
        }

        return tags;
    }

    private void Count(string type, long tokens)
    {
        if (tokens > 0)
        {
            TagList tags = ModelTags();
            tags.Add(TagNames.TokenType, type);
            ChatMetrics.Tokens.Add(tokens, tags);
        }
    }

    private void Describe(Activity span)
    {
        span.SetTag(TagNames.RequestModel, _request.Model);
        span.SetTag(TagNames.Conversations, _request.ConversationCount);
        if (_isNested)
        {
            return;
        }

        span.SetTag(TagNames.OperationName, OperationName);
        span.SetTag(TagNames.ProviderName, "orchard");
        span.SetTag(TagNames.IsStream, _request.IsStream ? true : null);
        if (_request.CommonOptions is not { } options)
        {
            return;
        }

        span.SetTag(TagNames.OutputType, options.ResponseFormat.Type is "json_object" or "json_schema" ? "json" : "text");
        span.SetTag(TagNames.Temperature, options.Temperature);
        span.SetTag(TagNames.TopP, options.TopP);
        span.SetTag(TagNames.TopK, options.TopK); // null sets no tag
        span.SetTag(TagNames.FrequencyPenalty, options.FrequencyPenalty is 0 ? null : options.FrequencyPenalty);
        span.SetTag(TagNames.PresencePenalty, options.PresencePenalty is 0 ? null : options.PresencePenalty);
        span.SetTag(TagNames.ChoiceCount, options.CandidateCount == 1 ? null : options.CandidateCount);
        span.SetTag(TagNames.MaxTokens, options.MaxOutputTokens);
        span.SetTag(TagNames.Seed, (long?)options.Seed);
        span.SetTag(TagNames.StopSequences, options.StopSequences.Count == 0 ? null : options.StopSequences.ToArray());
    }

    private void EndSpan()
    {
        if (_span is { IsAllDataRequested: true })
        {
            ServedRequest? served = _request.Served();
            _span.SetTag(TagNames.Outcome, _outcome);
            string? model = served?.ModelId ?? _localModel;
            _span.SetTag(TagNames.ModelId, model);
            if (!_isNested)
            {
                _span.SetTag(TagNames.ResponseModel, model);
                _span.SetTag(TagNames.ResponseId, served?.Id);
                _span.SetTag(TagNames.FinishReasons, _finishReasons?.ToArray());
                if (_outcome == "completed")
                {
                    _span.SetTag(TagNames.InputTokens, _inputTokens);
                    _span.SetTag(TagNames.CachedTokens, _cachedTokens);
                    _span.SetTag(TagNames.OutputTokens, _outputTokens);
                    _span.SetTag(TagNames.ReasoningTokens, _reasoningTokens == 0 ? null : _reasoningTokens);
                }
            }

            if (_error is not null)
            {
                // Without the message, which may quote the conversation.
                _span.SetTag(TagNames.ErrorType, _error.GetType().FullName);
                _span.SetStatus(ActivityStatusCode.Error);
            }
        }

        _span?.Dispose();
    }

    private static string NameOf(FinishReason reason) => reason switch
    {
        FinishReason.Stop => "stop",
        FinishReason.Length => "length",
        FinishReason.ContentFilter => "content_filter",
        FinishReason.ToolCalls => "tool_calls",
        FinishReason.Error => "error",
        _ => "other",
    };
}
