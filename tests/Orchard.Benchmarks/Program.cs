using Orchard.Benchmarks;
using Orchard.Benchmarks.Adapter;
using Orchard.Benchmarks.Admission;
using Orchard.Benchmarks.Apps;
using Orchard.Benchmarks.Demux;
using Orchard.Benchmarks.Drafts;
using Orchard.Benchmarks.Ensure;
using Orchard.Benchmarks.Grammars;
using Orchard.Benchmarks.Http;
using Orchard.Benchmarks.Ipc;
using Orchard.Benchmarks.Lookup;
using Orchard.Benchmarks.Media;
using Orchard.Benchmarks.Memory;
using Orchard.Benchmarks.Models;
using Orchard.Benchmarks.Peers;
using Orchard.Benchmarks.Prefix;
using Orchard.Benchmarks.Remotes;
using Orchard.Benchmarks.Sampling;
using Orchard.Benchmarks.Soak;
using Orchard.Benchmarks.Start;
using Orchard.Benchmarks.Templates;
using Orchard.Benchmarks.Throughput;
using Orchard.TestModels;

const string Help =
    """
    usage: orchard-benchmarks COMMAND [--json] [options]

      ensure [--callers 10000] [--runs 9] [--seed 1]    many callers of one cold model
      demux  [--deltas 400000] [--runs 9]               the client's read loop
      admission [--waiting 4000,10000] [--runs 5]       the gap of a stream while many wait, beside few that wait
      adapter [--tokens 50000] [--runs 31]              a streamed token through Microsoft.Extensions.AI, beside the client below it
      remote [--tokens 50000] [--runs 11]               a streamed token of a remote model, beside the client of the package OpenAI
      ipc    [--programs 9] [--runs 31]                 request to first delta, beside a bare socket and nng
      apps   [--apps 16] [--streams 4] [--runs 5]       a program's processor time per delta, alone and among others
      engine [--streams 1,8,32] [--models 100m,starter] [--prompt 40] [--tokens 64] [--runs 5] [--no-interference]
                                                        tokens per second, time to the first, beside the raw decode loop
      http   [--streams 1,8,32] [--model 100m] [--runs 7]
                                                        tokens per second, time to the first, through HTTP beside the client and llama-server
      peers  [--cases answers,prefill,load] [--streams 1,8,32] [--model 100m] [--runs 7] [--without llama-server]
                                                        the engine beside LLamaSharp (tests/Orchard.Benchmarks.Peer) and llama-server
      raw-best --native FOLDER|--flash-attention [--streams 1,8,32] [--runs 5]
                                                        the raw decode loop on another native library (ORCHARD_BEST_NATIVE), beside the packaged one
      layout [--models starter,100m] [--runs 5]         one pool of KV cells, beside cells of its own for each sequence
      prefix [--shared 2000] [--models 100m,hybrid] [--cases turn,restart] [--runs 5]
                                                        the second turn of a chat, and a prompt after a restart of the engine, beside the
                                                        first
      media  [--models starter,100m] [--cases interference,text] [--runs 5]
                                                        an image that is encoded while others decode, and text after images (needs libmtmd)
      lookup [--models reciter,starter] [--runs 9]      answers that repeat what was there, with and without guessed tokens
      draft  [--cases 70,95,0,starter] [--runs 9] [--limit]
                                                        answers with a draft model that agrees on so many percent, beside those without;
                                                        or what is possible at best by the decodes of both models
      grammar [--models starter,100m] [--cases open,fields,call,server] [--runs 9]
                                                        answers held to a schema of ten fields, beside free ones and llama-server, and required calls
      sampling [--models starter,100m] [--cases dry,top-k] [--runs 7]
                                                        answers with each sampling option, beside greedy ones
      start  [--runs 11] [--kept-model FILE]            from the start of a program to its first token, also while its model is kept
      load   [--models 100m,starter] [--runs 11]        the load of a model by an engine that runs, beside the native library's own
      memory [--cases one,many,types,return] [--model FILE] the engine's memory, beside llama-server (ORCHARD_LLAMA_SERVER)
      template [--runs 31]                              a conversation's prompt by its chat template, beside jinja2
      soak   [--minutes 10] [--callers 12]              memory, descriptors and throughput over time
      gguf   --shape 768x12x32000|600m --out FILE       writes a q8_0 model with random weights: width, layers, vocabulary

    Each prints one row per case: value, limit, their ratio, and how many runs the value is the median of.

    """;

try
{
    Arguments arguments = Arguments.Parse(args);
    var reporter = new Reporter(arguments.Has("json"));
    switch (arguments.Command)
    {
        case "ensure":
            await EnsureBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "demux":
            await DemuxBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "admission":
            await AdmissionBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "adapter":
            await AdapterBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "remote":
            await RemoteBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "serve-recorded":
            await RecordedServer.ServeAsync(arguments.Number("port", 0), arguments.Number("tokens", 1));
            return 0;
        case "ipc":
            await IpcBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "apps":
            await AppsBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "engine":
            await EngineBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "http":
            await HttpBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "peers":
            await PeersBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "raw-best":
            await RawBestBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "measure-raw":
            await RawBestBenchmark.MeasureAsync(arguments);
            return 0;
        case "layout":
            await LayoutBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "prefix":
            await PrefixBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "media":
            await MediaBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "draft":
            await DraftBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "grammar":
            await GrammarBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "sampling":
            await SamplingBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "lookup":
            await LookupBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "start":
            await StartBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "load":
            await LoadBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "memory":
            await MemoryBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "template":
            await TemplateBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "soak":
            await SoakBenchmark.RunAsync(arguments, reporter);
            return 0;
        case "first-token":
            await FirstToken.RunAsync(arguments.Text("path")!, arguments.Text("model") ?? "starter", arguments.Has("kept"));
            return 0;
        case "gguf" when arguments.Text("out") is { Length: > 0 } file:
            SyntheticModel.Write(Shape.Parse(arguments.Text("shape") ?? Shape.HundredMillion.ToString()), file);
            return 0;
        case "measure-app":
            await AppsBenchmark.MeasureAppAsync(arguments);
            return 0;
        case "measure-ipc":
            await IpcBenchmark.MeasureAsync(arguments);
            return 0;
        case "serve-stub":
            await using (new StubEngine(arguments.Text("path")!))
            {
                await ChildProcess.ServeAsync();
            }

            return 0;
        case "serve-uds":
            await SocketPingPong.ServeAsync(arguments.Text("path")!, new Sizes(arguments.Number("request", 1), arguments.Number("reply", 1)));
            return 0;
        case "serve-nng":
            await NngPingPong.ServeAsync(arguments.Text("path")!, new Sizes(0, arguments.Number("reply", 1)));
            return 0;
        default:
            Console.Write(Help);
            return arguments.Command == "help" ? 0 : 2;
    }
}
catch (Exception e) when (e is BenchmarkException or FormatException)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
