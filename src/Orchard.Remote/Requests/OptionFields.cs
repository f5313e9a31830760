using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Orchard.Calls.Chat;

namespace Orchard.Remote.Requests;

/// <summary>
/// Writes the generation options as members of a request, except those about tools and formats. Collects the options that the server does
/// not support.
/// </summary>
/// <param name="json">Where to write.</param>
/// <param name="profile">What the server supports.</param>
/// <param name="options">The options.</param>
/// <param name="refused">Receives the names of options that cannot be expressed.</param>
internal sealed class OptionFields(Utf8JsonWriter json, ServerProfile profile, GenerationOptions options, List<string> refused)
{
    /// <summary>Writes the sampling options.</summary>
    /// <param name="isLeftToServer">Whether options that are null are left out, rather than sent with their documented defaults.</param>
    public void WriteSampling(bool isLeftToServer)
    {
        var sampling = new ResolvedSampling(options, RecommendedSampling.None);
        bool isSent = !isLeftToServer;
        if (isSent || options.Temperature is not null)
        {
            json.WriteNumber("temperature"u8, sampling.Temperature);
        }

        if (isSent || options.TopP is not null)
        {
            json.WriteNumber("top_p"u8, sampling.TopP);
        }

        // A top-p of 0 leaves one token, which is what a top-k of 1 does.
        bool hasTopK = options.TopK is not null || options.TopP is 0;
        Write(profile.TopK, sampling.TopK == 0 ? profile.AllTokens : sampling.TopK, isSent, hasTopK, nameof(options.TopK));
        Write(profile.MinP, sampling.MinP, isSent, options.MinP is not null, nameof(options.MinP));
        Write(profile.TypicalP, sampling.TypicalP, isSent, options.TypicalP is not null and not 1, nameof(options.TypicalP));
        Write(
            profile.RepetitionPenalty,
            sampling.RepetitionPenalty,
            isSent,
            options.RepetitionPenalty is not null and not 1,
            nameof(options.RepetitionPenalty));
        if (isSent || options.FrequencyPenalty is not null)
        {
            json.WriteNumber("frequency_penalty"u8, sampling.FrequencyPenalty);
        }

        if (isSent || options.PresencePenalty is not null)
        {
            json.WriteNumber("presence_penalty"u8, sampling.PresencePenalty);
        }

        Write(profile.PenaltyWindow, sampling.PenaltyWindow, isSent, options.PenaltyWindow is not null, nameof(options.PenaltyWindow));
        WriteSamplers();
        WriteBias();
        if (options.Seed is { } seed)
        {
            json.WriteNumber("seed"u8, profile.WideSeeds ? seed : seed & int.MaxValue);
        }
    }

    /// <summary>Writes where the answer ends, and how many there are.</summary>
    public void WriteEnd()
    {
        if (options.MaxOutputTokens is { } limit)
        {
            json.WriteNumber(profile.MaxTokens, limit);
        }

        if (options.StopSequences.Count > 0)
        {
            json.WriteStartArray("stop"u8);
            foreach (string stop in options.StopSequences.Take(profile.MaxStops))
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
            WriteFlag(profile.IncludeStop, true, options.IncludeStopSequence, nameof(options.IncludeStopSequence));
        }

        WriteFlag(profile.IgnoreEnd ? "ignore_eos" : null, true, options.IgnoreEndOfSequence, nameof(options.IgnoreEndOfSequence));
        if (options.GeneratedCandidates > 1)
        {
            json.WriteNumber("n"u8, options.GeneratedCandidates);
        }
    }

    /// <summary>Writes everything else.</summary>
    public void WriteOthers()
    {
        WriteLogprobs();
        WriteFlag(profile.Deterministic ? "deterministic" : null, true, options.IsDeterministic, nameof(options.IsDeterministic));
        if (profile.NoCache == "cache_salt" && !options.UsePrefixCache)
        {
            json.WriteString("cache_salt"u8, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32)));
        }
        else
        {
            WriteFlag(profile.NoCache, false, !options.UsePrefixCache, nameof(options.UsePrefixCache));
        }

        Refuse(options.LoraAdapters.Count > 0, nameof(options.LoraAdapters)); // a path of this machine means nothing there
        if (options.ChatTemplate is { } template)
        {
            if (profile.ChatTemplate)
            {
                json.WriteString("chat_template"u8, template);
            }
            else
            {
                Refuse(true, nameof(options.ChatTemplate));
            }
        }

        if (profile.KeepAlive && options.KeepAlive is { } time)
        {
            json.WriteNumber("keep_alive"u8, time == Timeout.InfiniteTimeSpan ? -1 : time.TotalSeconds);
        }
    }

    private void WriteSamplers()
    {
        bool has = profile.Samplers;
        Refuse(!has && options.Mirostat is not null, nameof(options.Mirostat));
        Refuse(!has && options.Dry is { Multiplier: > 0 }, nameof(options.Dry));
        Refuse(!has && options.Xtc is { Probability: > 0 }, nameof(options.Xtc));
        if (!has)
        {
            return;
        }

        if (options.Mirostat is { } mirostat)
        {
            json.WriteNumber("mirostat"u8, 2);
            json.WriteNumber("mirostat_tau"u8, mirostat.Tau);
            json.WriteNumber("mirostat_eta"u8, mirostat.Eta);
        }

        if (options.Dry is { } dry)
        {
            json.WriteNumber("dry_multiplier"u8, dry.Multiplier);
            json.WriteNumber("dry_base"u8, dry.Base);
            json.WriteNumber("dry_allowed_length"u8, dry.AllowedLength);
            json.WriteNumber("dry_penalty_last_n"u8, dry.Window);
            json.WriteStartArray("dry_sequence_breakers"u8);
            foreach (string breaker in dry.SequenceBreakers)
            {
                json.WriteStringValue(breaker);
            }

            json.WriteEndArray();
        }

        if (options.Xtc is { } xtc)
        {
            json.WriteNumber("xtc_probability"u8, xtc.Probability);
            json.WriteNumber("xtc_threshold"u8, xtc.Threshold);
        }
    }

    private void WriteBias()
    {
        if (options.LogitBias.Count == 0)
        {
            return;
        }

        if (!profile.LogitBias)
        {
            Refuse(true, nameof(options.LogitBias));
            return;
        }

        json.WriteStartObject("logit_bias"u8);
        foreach ((int token, double bias) in options.LogitBias.OrderBy(static pair => pair.Key))
        {
            json.WriteNumber(token.ToString(System.Globalization.CultureInfo.InvariantCulture), bias);
        }

        json.WriteEndObject();
    }

    // The best of several answers is chosen here, by their log probabilities.
    private void WriteLogprobs()
    {
        bool chooses = options.GeneratedCandidates > options.CandidateCount;
        if (!options.WantsLogprobs && !chooses)
        {
            return;
        }

        if (!profile.Logprobs || (!profile.LogprobsWithTools && options.Tools.Count > 0))
        {
            Refuse(true, options.WantsLogprobs ? nameof(options.IncludeLogprobs) : nameof(options.BestOf));
            return;
        }

        json.WriteBoolean("logprobs"u8, true);
        if (options.TopLogprobs > 0)
        {
            json.WriteNumber("top_logprobs"u8, options.TopLogprobs);
        }
    }

    private void Write(string? field, double value, bool isSent, bool isSet, string option)
    {
        if (field is null)
        {
            Refuse(isSet, option);
        }
        else if (isSent || isSet)
        {
            json.WriteNumber(field, value);
        }
    }

    private void WriteFlag(string? field, bool value, bool isSet, string option)
    {
        if (isSet && field is not null)
        {
            json.WriteBoolean(field, value);
        }

        Refuse(isSet && field is null, option);
    }

    private void Refuse(bool isRefused, string option)
    {
        if (isRefused)
        {
            refused.Add(option);
        }
    }
}
