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

    /// <summary>Tokenizes the texts. Never throws.</summary>
    public void Prepare(CancellationToken cancellationToken)
    {
        foreach (WirePrompt prompt in Request.Prompts)
        {
            Prepare(prompt, cancellationToken);
        }
    }

    /// <summary>Computes the embeddings, each of which is sent when it is computed. Never throws.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        foreach (IGrouping<Pooling?, EmbeddingInput> group in _inputs.GroupBy(input => input.Pooling))
        {
            await EmbedAsync(group.Key, [.. group], cancellationToken).ConfigureAwait(false);
        }
    }

    private void Prepare(WirePrompt prompt, CancellationToken cancellationToken)
    {
        SequenceAddress address = accepted.NextAddress(prompt.PromptIndex, candidate: 0);
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
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
        catch (OperationCanceledException)
        {
            EndEarly(address, tokens: null);
        }
        catch (Exception e)
        {
            Fail(address, accepted.ToError(e));
        }
    }

    private async Task EmbedAsync(Pooling? pooling, EmbeddingInput[] inputs, CancellationToken cancellationToken)
    {
        int sent = 0;
        try
        {
            int[][] texts = Array.ConvertAll(inputs, input => input.Tokens);
            await Model.Embedder!.EmbedAsync(texts, pooling, Send, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            foreach (EmbeddingInput input in inputs[sent..])
            {
                EndEarly(input.Address, input.Tokens.Length);
            }
        }
        catch (Exception e)
        {
            foreach (EmbeddingInput input in inputs[sent..])
            {
                Fail(input.Address, accepted.ToError(e));
            }
        }

        void Send(int index, float[] vector)
        {
            sent = index + 1;
            End(inputs[index].Address, FinalDelta(inputs[index].Address, FinishReasons.Stop, inputs[index].Tokens.Length) with
            {
                Extras = new DeltaExtras { EmbeddingBytes = LittleEndian(vector) },
            });
        }
    }

    // Either the client has cancelled the request, or the engine stops.
    private void EndEarly(SequenceAddress address, int? tokens)
    {
        if (accepted.CancellationToken.IsCancellationRequested)
        {
            End(address, FinalDelta(address, FinishReasons.Cancelled, tokens));
        }
        else
        {
            Fail(address, RequestErrors.ShuttingDown);
        }
    }

    private static ResponseDelta FinalDelta(SequenceAddress address, string finishReason, int? tokens) => new()
    {
        RequestId = address.RequestId,
        SequenceId = address.SequenceId,
        PromptIndex = address.PromptIndex,
        CandidateIndex = address.CandidateIndex,
        IsFinal = true,
        FinishReason = finishReason,
        PromptTokenCount = tokens,
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
