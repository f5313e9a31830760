using System.Buffers;
using Microsoft.Extensions.Logging.Abstractions;
using Orchard.Connection.Transport;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Sockets;
using static Orchard.Benchmarks.Statistics;

namespace Orchard.Benchmarks.Demux;

/// <summary>
/// What the client's read loop takes for one delta: frame, topic, JSON, and into the queue of its request. The deltas are those that
/// our engine sends for one token of text; nobody reads the queues meanwhile.
/// </summary>
internal static class DemuxBenchmark
{
    private const string Name = "demux";
    private const double RateLimit = 500_000;
    private const double BytesLimit = 200;
    private const int Requests = 32;
    private const int DeltasPerRequest = 8;
    private const int DeltasPerBlock = Requests * DeltasPerRequest;

    private static readonly string[] Words = [" the", " capital", " of", " France", " is", " Paris", ",", " naturally"];

    public static async Task RunAsync(Arguments arguments, Reporter reporter)
    {
        int runs = arguments.Number("runs", 9);
        int blocks = arguments.Number("deltas", 400_000) / DeltasPerBlock;
        var rates = new List<double>();
        var bytes = new List<double>();
        for (int run = -2; run < runs; run++)
        {
            (double rate, double allocated) = await MeasureAsync(blocks);
            if (run >= 0)
            {
                rates.Add(rate);
                bytes.Add(allocated);
            }
        }

        reporter.Add(new Result(Name, "demux-rate", Median(rates), "deltas/s", RateLimit, runs));
        reporter.Add(new Result(Name, "demux-bytes", Median(bytes), "B", BytesLimit, runs));
    }

    private static async Task<(double Rate, double Bytes)> MeasureAsync(int blocks)
    {
        var responses = new ReplayStream(SpProtocol.Pub);
        await using IpcTransport transport = await IpcTransport.OpenAsync(
            new ReplayStream(SpProtocol.Pull), responses, new ReplayStream(SpProtocol.Rep), static _ => { }, TimeProvider.System, NullLogger.Instance, default);
        PendingRequest[] requests = await SendRequestsAsync(transport);
        byte[] block = Encode(transport.ChannelId, requests);
        GC.Collect();

        // Processor time, not time by the clock: whatever else runs on the machine, and the collector's share is in it.
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan used = Environment.CpuUsage.TotalTime;
        await responses.PlayAsync(block, blocks);
        used = Environment.CpuUsage.TotalTime - used;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;

        await CheckAsync(requests, blocks);
        double deltas = (double)blocks * DeltasPerBlock;
        return (deltas / used.TotalSeconds, allocated / deltas);
    }

    private static async Task<PendingRequest[]> SendRequestsAsync(IpcTransport transport)
    {
        var requests = new PendingRequest[Requests];
        for (int i = 0; i < Requests; i++)
        {
            var frame = new WireRequest
            {
                RequestId = transport.NextRequestId(),
                ModelId = "m",
                ModelPath = "m",
                ResponseChannelId = transport.ChannelId,
                Prompts = [new WirePrompt { Text = "?"u8.ToArray() }],
            };
            requests[i] = await transport.SendAsync(frame, default);
        }

        return requests;
    }

    private static byte[] Encode(ulong channel, PendingRequest[] requests)
    {
        var block = new ArrayBufferWriter<byte>();
        for (int i = 0; i < DeltasPerBlock; i++)
        {
            var message = new ArrayBufferWriter<byte>();
            ResponseDeltaWriter.Write(channel, Delta(requests[i % Requests].Id, (ulong)(i % Requests), i / Requests), message);
            SpFrame.WriteHeader(block.GetSpan(SpFrame.HeaderLength), message.WrittenCount);
            block.Advance(SpFrame.HeaderLength);
            block.Write(message.WrittenSpan);
        }

        return block.WrittenSpan.ToArray();
    }

    private static ResponseDelta Delta(ulong request, ulong sequence, int number) => new()
    {
        RequestId = request,
        SequenceId = sequence + 1,
        PromptIndex = 0,
        CandidateIndex = 0,
        Content = Words[number],
        FinishReason = FinishReasons.Delta,
        PromptTokenCount = 40,
        CachedTokenCount = 0,
        TokensInDelta = 1,
        GenerationLength = 100 + number,
        Tokens = [1000 + number],
        StateEvents = [new StateEvent(StateEventType.ContentDelta, OutputItemType.Message, 0, "message", Delta: Words[number])],
    };

    // Every delta is in the queue of its request, in order.
    private static async Task CheckAsync(PendingRequest[] requests, int blocks)
    {
        foreach (PendingRequest request in requests)
        {
            request.Fail(new BenchmarkException("No more deltas."));
            int count = 0;
            try
            {
                while (await request.WaitToReadAsync(default))
                {
                    while (request.TryRead(out ResponseDelta? delta))
                    {
                        BenchmarkException.ThrowUnless(
                            delta.RequestId == request.Id && delta.Content == Words[count % DeltasPerRequest], $"Delta {count} of request {request.Id} is another one.");
                        count++;
                    }
                }
            }
            catch (BenchmarkException) when (count == blocks * DeltasPerRequest)
            {
                continue;
            }
        }
    }
}
