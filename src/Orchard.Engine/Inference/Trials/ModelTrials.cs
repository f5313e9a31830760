using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Microsoft.Extensions.Logging;
using Orchard.Engine.Diagnostics;
using Orchard.Engine.Files;
using Orchard.Engine.Inference.Llama;
using Orchard.Engine.Native;

namespace Orchard.Engine.Inference.Trials;

/// <summary>Finds out by trying, or from an earlier load, how a model is computed fastest and whether it is computed right.</summary>
/// <param name="results">Results of earlier loads; null to try at each load.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed class ModelTrials(ResultFolder? results, TimeProvider time, ILogger logger)
{
    private const string Passed = "passed";
    private const string Failed = "failed";

    // Load by other programs may have decided which number of threads was fastest.
    private static readonly TimeSpan ThreadsLife = TimeSpan.FromDays(1);

    /// <summary>Sets the numbers of threads of an empty decoder.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decoder">The decoder.</param>
    /// <param name="options">What it was created with.</param>
    /// <param name="load">How long the model has been loading.</param>
    public void ChooseThreads(LlamaModel model, LlamaDecoder decoder, DecoderOptions options, TimeSpan load)
    {
        if (options.MaxThreads <= 1)
        {
            return;
        }

        TimeSpan limit = ThreadTuner.LimitFor(load);
        string? key = KeyOf(model, options, $"|threads|{Environment.MachineName}|{options.MaxThreads}");
        if (key is not null && Parse(results!.Find(key, ThreadsLife), options.MaxThreads) is { } known)
        {
            decoder.Threads = known;
        }
        else if (ThreadTuner.MayFit(model.FileBytes, options.MaxThreads, limit)
            && ThreadTuner.Tune(decoder, options.MaxThreads, limit, time)
            && key is not null)
        {
            results!.Store(key, string.Create(CultureInfo.InvariantCulture, $"{decoder.Threads.SingleToken} {decoder.Threads.Batch}"));
        }
    }

    /// <summary>Finds out whether a decoder may decode sequences together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="decoder">The decoder, which is empty.</param>
    /// <param name="options">What it was created with.</param>
    public bool MayBatch(LlamaModel model, LlamaDecoder decoder, DecoderOptions options)
    {
        string? key = KeyOf(model, options, "");
        if (key is not null && results!.Find(key) is (Passed or Failed) and string known)
        {
            return known == Passed;
        }

        long start = time.GetTimestamp();
        string result;
        try
        {
            result = new BatchSelfTest(decoder, time).Run() ? Passed : Failed;
        }
        finally
        {
            decoder.UnbindThread(); // the thread does other work afterwards, and threads that it starts would inherit the affinity
        }

        logger.SelfTested(result, time.GetElapsedTime(start).TotalMilliseconds);
        if (key is not null)
        {
            results!.Store(key, result);
        }

        return result == Passed;
    }

    private string? KeyOf(LlamaModel model, DecoderOptions options, string trial)
    {
        if (results is null || model.ContentDigest is not { } digest)
        {
            return null;
        }

        string configuration = FormattableString.Invariant(
            $"{LlamaLibrary.Load().Version}|{options.KeyType}|{options.ValueType}|{options.UnifiedKeyValueCache}|{options.FlashAttention}")
            + (options.Devices.Length > 0 ? $"|{options.Devices}" : "");
        return Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes($"{digest}|{configuration}{trial}")));
    }

    private static ThreadCounts? Parse(string? text, int max) =>
        text?.Split(' ') is [var one, var batch] && Number(one) is { } singleToken && Number(batch) is { } several
        && singleToken <= max && several <= max
            ? new ThreadCounts(singleToken, several)
            : null;

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : null;
}
