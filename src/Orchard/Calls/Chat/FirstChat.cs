using System.Buffers;
using System.Runtime.CompilerServices;
using Nerdbank.Streams;
using Orchard.Formatting;
using Orchard.Models;
using Orchard.Protocol.Messages.Deltas;
using Orchard.Protocol.Messages.Events;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;
using Orchard.Protocol.Messages.Requests.Codec;

namespace Orchard.Calls.Chat;

/// <summary>
/// Runs the code of a chat once, with made-up messages, while the engine starts and loads. What is not compiled ahead of time is then
/// compiled on another processor, and not between the end of the load and the first token. Nothing is sent.
/// </summary>
internal static class FirstChat
{
    // With what the templates of most models have.
    private const string Template =
        """
        {%- if messages[0].role == 'system' -%}
        {%- set system = messages[0].content -%}{%- set rest = messages[1:] -%}
        {%- else -%}
        {%- set system = '' -%}{%- set rest = messages -%}
        {%- endif -%}
        {%- if system or tools -%}
        {{- '<|im_start|>system\n' + system -}}
        {%- for tool in tools -%}
        {{- '\n' + (tool | tojson) -}}
        {%- endfor -%}
        {{- '<|im_end|>\n' -}}
        {%- endif -%}
        {%- for message in rest -%}
        {{- '<|im_start|>' + message.role + '\n' + (message.content | trim if message.content else '') -}}
        {%- if message.tool_calls is defined and message.tool_calls -%}
        {%- for call in message.tool_calls -%}
        {{- '<tool_call>\n{"name": ' + (call.function.name | tojson) + ', "arguments": ' -}}
        {{- call.function.arguments if call.function.arguments is string else call.function.arguments | tojson -}}
        {{- '}\n</tool_call>' -}}
        {%- endfor -%}
        {%- endif -%}
        {{- '<|im_end|>\n' -}}
        {%- endfor -%}
        {%- if add_generation_prompt -%}{{- '<|im_start|>assistant\n' -}}{%- endif -%}
        """;

    private static readonly byte[] Registered =
        """{"status":"ok","data":{"client_register":{"pid":1,"protocol_version":2,"version":"1"}}}"""u8.ToArray();

    private static readonly byte[] Loaded =
        """
        {"status":"ok","data":{"load_model":{"capabilities":{},"minimum_memory_bytes":1,"orchard":{
          "architecture":"llama","parameter_count":1,"context_length":1,"context_limited_by":"model","parallel_sequences":1,
          "key_cache_type":"f16","value_cache_type":"f16","reserved_bytes":1,"file_bytes":1,"quantization":"Q8_0",
          "trained_context_length":1,"embedding_length":1,"passed_self_test":true,"sampling":{"temp":0},"input_modalities":["text"],
          "special_tokens":{"eos_token":"<|im_end|>"},"eos_token":"<|im_end|>","control_tokens":["<|im_start|>","<|im_end|>"]}}}}
        """u8.ToArray();

    private static readonly byte[] Telemetry =
    [
        .. "telemetry\0"u8,
        .. """
           {"version":1,"health":{"snapshot_version":1,"uptime_ns":1,"pid":1,"active_requests":0,"cpu_usage_percent":0.5},
            "queues":{"request_slots_used":0},"memory":{"gpu_total_bytes":0},"orchard":{"resident_bytes":1},
            "models":[{"requested_id":"m","canonical_id":"m","load_state":"Loading","orchard":{"load_progress":0.5,"load_commands":1}}]}
           """u8,
    ];

    private static readonly byte[] Delta =
        """
        {"request_id":1,"sequence_id":1,"prompt_index":0,"candidate_index":0,"content":"!","is_final_delta":false,
         "finish_reason":"DELTA","prompt_token_count":1,"cached_token_count":0,"num_tokens_in_delta":1,"generation_len":1,"tokens":[1],
         "state_events":[
         {"event_type":"item_started","item_type":"message","output_index":0,"identifier":"message"},
         {"event_type":"content_delta","item_type":"message","output_index":0,"identifier":"message","delta":"!"}]}
        """u8.ToArray();

    private static int _isPrepared; // 1 once this process has begun

    /// <summary>
    /// Begins on a thread of its own, once per process. Does nothing where all code is compiled ahead of time. Never throws.
    /// </summary>
    public static void Prepare()
    {
        if (RuntimeFeature.IsDynamicCodeCompiled && Environment.ProcessorCount > 1 && Interlocked.Exchange(ref _isPrepared, 1) == 0)
        {
            new Thread(TryRun) { IsBackground = true, Name = "Orchard first chat" }.Start();
        }
    }

    /// <summary>Runs the code. Returns the text of the made-up answer.</summary>
    internal static string Run()
    {
        _ = ManagementJson.Encode(new ManagementCommand { Type = ManagementCommand.ClientRegister, Extensions = new LoadExtensions() });
        _ = ManagementJson.DecodeReply(Registered);
        ModelFacts facts = ManagementJson.DecodeReply(Loaded).Data!.LoadModel!.Facts!;
        var formatter = ChatFormatter.For(facts with { ChatTemplate = Template });
        var options = new GenerationOptions();
        RenderedPrompt prompt = formatter.Render([Message.User("?")], PromptInputs.From(options));
        WirePrompt frame = OptionMapping.Create(options, RecommendedSamplingReader.Read(facts.Sampling)) with { Text = prompt.Text };
        using var bytes = new Sequence<byte>();
        var request = new WireRequest { RequestId = 1, ModelId = "m", ModelPath = "m", ResponseChannelId = 1, Prompts = [frame] };
        WireRequestWriter.Write(request, bytes, omitDefaults: true);
        _ = EngineEventReader.Read(new ReadOnlySequence<byte>(Telemetry));
        ResponseDelta delta = ResponseDeltaReader.Read(new ReadOnlySequence<byte>(Delta));
        return new SequenceReader(0, 0, prompt.StopSequences).Read(delta)!.Text;
    }

    private static void TryRun()
    {
        try
        {
            _ = Run();
        }
        catch (Exception)
        {
            // The same code runs for a real message, and reports there what is wrong.
        }
    }
}
