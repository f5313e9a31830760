using System.Buffers.Binary;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Engine.Serving.Publishing;
using Orchard.Engine.Serving.Responses;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Requests;

/// <summary>Serves one embedding or reranking request. Sends exactly one final delta per prompt, even if some prompts fail.</summary>
internal sealed class EmbeddingHandler(AcceptedRequest accepted, IDeltaSink deltas, ILogger logger)
{
    private readonly List<EmbeddingInput> _inputs = [];
    private readonly EmbeddingTexts _texts = new(accepted.Model.Tokenizer, accepted.Model.Embedder);

    private WireRequest Request => accepted.Request;

    private LoadedModelHandle Model => accepted.Model;

    /// <summary>Never throws.</summary>
    public async Task RunAsync()
    {
        foreach (WirePrompt prompt in Request.Prompts)
        {
            Prepare(prompt);
        }

        foreach (IGrouping<Pooling?, EmbeddingInput> group in _inputs.GroupBy(input => input.Pooling))
        {
            await EmbedAsync(group.Key, [.. group]).ConfigureAwait(false);
        }
    }

    private void Prepare(WirePrompt prompt)
    {
        SequenceAddress address = accepted.NextAddress(prompt.PromptIndex, candidate: 0);
        try
        {
            if (EmbeddingRules.Check(prompt, Request.ModelId, Model.Embedder?.Pooling) is { } refusal)
            {
                Fail(address, refusal);
                return;
            }

            int limit = Model.Embedder!.MaxTokens;
            int[] tokens = _texts.Tokenize(prompt, prompt.Extensions.Truncate ? limit : int.MaxValue);
            if (tokens.Length == 0)
            {
                Fail(address, new RequestError(
                    ErrorCode.InvalidRequest, "The text has no tokens to embed: it is empty, and the model adds none."));
            }
            else if (tokens.Length > limit)
            {
                Fail(address, new RequestError(
                    ErrorCode.ContextLengthExceeded,
                    $"The text has {tokens.Length} tokens; the model embeds at most {limit} tokens at once.",
                    tokens.Length));
            }
            else
            {
                _inputs.Add(new EmbeddingInput(address, tokens, EmbeddingRules.ToPooling(prompt.Extensions.Pooling)));
            }
        }
        catch (Exception e)
        {
            Fail(address, accepted.ToError(e));
        }
    }

    private async Task EmbedAsync(Pooling? pooling, EmbeddingInput[] inputs)
    {
        try
        {
            float[][] vectors = await Model.Embedder!
                .EmbedAsync(Array.ConvertAll(inputs, input => input.Tokens), pooling, accepted.CancellationToken).ConfigureAwait(false);
            for (int i = 0; i < inputs.Length; i++)
            {
                End(inputs[i].Address, FinalDelta(inputs[i], FinishReasons.Stop) with
                {
                    Extras = new DeltaExtras { EmbeddingBytes = LittleEndian(vectors[i]) },
                });
            }
        }
        catch (OperationCanceledException)
        {
            foreach (EmbeddingInput input in inputs)
            {
                End(input.Address, FinalDelta(input, FinishReasons.Cancelled));
            }
        }
        catch (Exception e)
        {
            foreach (EmbeddingInput input in inputs)
            {
                Fail(input.Address, accepted.ToError(e));
            }
        }
    }

    private static ResponseDelta FinalDelta(EmbeddingInput input, string finishReason) => new()
    {
        RequestId = input.Address.RequestId,
        SequenceId = input.Address.SequenceId,
        PromptIndex = input.Address.PromptIndex,
        CandidateIndex = input.Address.CandidateIndex,
        IsFinal = true,
        FinishReason = finishReason,
        PromptTokenCount = input.Tokens.Length,
        GenerationLength = 0,
    };

    private static byte[] LittleEndian(float[] vector)
    {
        byte[] bytes = new byte[vector.Length * sizeof(float)];
        for (int i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), vector[i]);
        }

        return bytes;
    }

    private void Fail(SequenceAddress address, RequestError error)
    {
        logger.RequestRefused(Request.RequestId, Request.ResponseChannelId, error.Code);
        End(address, ErrorDelta.ForSequence(address, error));
    }

    private void End(SequenceAddress address, ResponseDelta delta)
    {
        accepted.EndSequence();
        deltas.Publish(address.ResponseChannelId, delta);
    }

    private sealed record EmbeddingInput(SequenceAddress Address, int[] Tokens, Pooling? Pooling);
}
