using Microsoft.Extensions.Logging;
using Orchard.Engine.Hosting;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol.Messages;

namespace Orchard.Engine.Serving;

/// <summary>Serves one request for embeddings or ranks: one final delta for each prompt, whatever befalls it or the others.</summary>
/// <param name="frame">The request, checked.</param>
/// <param name="request">Says when it is cancelled.</param>
/// <param name="model">The model it is for.</param>
/// <param name="deltas">Takes the deltas.</param>
/// <param name="logger">For refusals.</param>
internal sealed class EmbeddingHandler(RequestFrame frame, ActiveRequest request, LoadedModelHandle model, IDeltaSink deltas, ILogger logger)
{
    private readonly List<Text> _texts = [];

    /// <summary>The address of a prompt's answer, by the prompt's index.</summary>
    public required Func<int, SequenceAddress> AddressOf { get; init; }

    /// <summary>What an exception means to the client.</summary>
    public required Func<Exception, RequestError> ToError { get; init; }

    /// <summary>Called for each prompt before its final delta is sent.</summary>
    public required Action OnEnd { get; init; }

    /// <summary>Never throws.</summary>
    public async Task RunAsync()
    {
        foreach (PromptFrame prompt in frame.Prompts)
        {
            Prepare(prompt);
        }

        foreach (IGrouping<Pooling?, Text> group in _texts.GroupBy(text => text.Pooling))
        {
            await EmbedAsync(group.Key, [.. group]).ConfigureAwait(false);
        }
    }

    private void Prepare(PromptFrame prompt)
    {
        SequenceAddress address = AddressOf(prompt.PromptIndex);
        try
        {
            if (EmbeddingRules.Check(prompt, frame.ModelId, model.Embedder?.Pooling) is { } refusal)
            {
                Fail(address, refusal);
                return;
            }

            int[] tokens = Tokenize(prompt);
            int limit = model.Embedder!.MaxTokens;
            if (tokens.Length == 0)
            {
                Fail(address, new RequestError(ErrorCode.InvalidRequest, $"Prompt {prompt.PromptIndex} has no text to embed."));
            }
            else if (tokens.Length > limit)
            {
                Fail(address, new RequestError(
                    ErrorCode.ContextLengthExceeded, $"It has {tokens.Length} tokens; the model takes {limit} for one embedding.", tokens.Length));
            }
            else
            {
                _texts.Add(new Text(address, tokens, EmbeddingRules.ToPooling(prompt.Extensions.Pooling)));
            }
        }
        catch (Exception e)
        {
            Fail(address, ToError(e));
        }
    }

    // What a text says is text, whatever it looks like.
    private int[] Tokenize(PromptFrame prompt) => prompt.Extensions.Query is { } query
        ? model.Embedder!.JoinForRanking(
            model.Tokenizer.Tokenize(System.Text.Encoding.UTF8.GetBytes(query), addSpecial: false, parseSpecial: false),
            model.Tokenizer.Tokenize(prompt.Text.Span, addSpecial: false, parseSpecial: false))
        : model.Tokenizer.Tokenize(prompt.Text.Span, addSpecial: true, parseSpecial: false);

    private async Task EmbedAsync(Pooling? pooling, Text[] texts)
    {
        try
        {
            float[][] vectors = await model.Embedder!
                .EmbedAsync(Array.ConvertAll(texts, text => text.Tokens), pooling, request.CancellationToken).ConfigureAwait(false);
            for (int i = 0; i < texts.Length; i++)
            {
                End(texts[i].Address, Delta(texts[i]) with
                {
                    FinishReason = FinishReasons.Stop,
                    EmbeddingBytes = LittleEndian(vectors[i]),
                });
            }
        }
        catch (OperationCanceledException)
        {
            foreach (Text text in texts)
            {
                End(text.Address, Delta(text) with { FinishReason = FinishReasons.Cancelled });
            }
        }
        catch (Exception e)
        {
            foreach (Text text in texts)
            {
                Fail(text.Address, ToError(e));
            }
        }
    }

    private static ResponseDelta Delta(Text text) => new()
    {
        RequestId = text.Address.RequestId,
        SequenceId = text.Address.SequenceId,
        PromptIndex = text.Address.PromptIndex,
        CandidateIndex = text.Address.CandidateIndex,
        IsFinal = true,
        PromptTokenCount = text.Tokens.Length,
        GenerationLength = 0,
    };

    private static byte[] LittleEndian(float[] vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }

    private void Fail(SequenceAddress address, RequestError error)
    {
        logger.RequestRefused(frame.RequestId, frame.ResponseChannelId, error.Code);
        End(address, ErrorDelta.For(address, error));
    }

    private void End(SequenceAddress address, ResponseDelta delta)
    {
        OnEnd();
        deltas.Publish(address.ResponseChannelId, delta);
    }

    private sealed record Text(SequenceAddress Address, int[] Tokens, Pooling? Pooling);
}
