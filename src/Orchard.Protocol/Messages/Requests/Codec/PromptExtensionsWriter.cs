namespace Orchard.Protocol.Messages.Requests.Codec;

/// <summary>Writes the <c>orchard</c> object of a prompt with the keys whose values are not the default, or nothing if all are.</summary>
internal static class PromptExtensionsWriter
{
    public static void Write(MetadataWriter json, PromptExtensions extensions)
    {
        // Records compare lists by reference, so the lists are compared separately.
        if (extensions.Plain.Count == 0
            && extensions.Lora.Count == 0
            && extensions with { Plain = PromptExtensions.None.Plain, Lora = PromptExtensions.None.Lora } == PromptExtensions.None)
        {
            return;
        }

        json.StartObject("orchard");
        if (extensions.TypicalP != PromptExtensions.None.TypicalP)
        {
            json.Float("typical_p", extensions.TypicalP);
        }

        if (extensions.IgnoreEndOfSequence)
        {
            json.Boolean("ignore_eos", true);
        }

        if (extensions.Logprobs)
        {
            json.Boolean("logprobs", true);
        }

        if (extensions.Mirostat is { } mirostat)
        {
            json.StartObject("mirostat");
            json.Float("tau", mirostat.Tau);
            json.Float("eta", mirostat.Eta);
            json.EndObject();
        }

        if (extensions.Xtc is { } xtc)
        {
            json.StartObject("xtc");
            json.Float("probability", xtc.Probability);
            json.Float("threshold", xtc.Threshold);
            json.EndObject();
        }

        if (extensions.Pooling is { } pooling)
        {
            json.String("pooling", pooling);
        }

        if (extensions.Query is { } query)
        {
            json.String("query", query);
        }

        if (extensions.Truncate)
        {
            json.Boolean("truncate", true);
        }

        if (extensions.CallForm.Length > 0)
        {
            json.String("call_form", extensions.CallForm);
        }

        if (extensions.EmptyReasoning)
        {
            json.Boolean("empty_reasoning", true);
        }

        WriteLora(json, extensions.Lora);
        WriteDry(json, extensions.Dry);
        WritePlain(json, extensions.Plain);
        json.EndObject();
    }

    private static void WritePlain(MetadataWriter json, IReadOnlyList<PlainSpan> plain)
    {
        if (plain.Count == 0)
        {
            return;
        }

        json.StartArray("plain_text");
        foreach (PlainSpan span in plain)
        {
            json.Integer(span.Start);
            json.Integer(span.Length);
        }

        json.EndArray();
    }

    private static void WriteLora(MetadataWriter json, IReadOnlyList<LoraSettings> adapters)
    {
        if (adapters.Count == 0)
        {
            return;
        }

        json.StartArray("lora");
        foreach (LoraSettings adapter in adapters)
        {
            json.StartObject();
            json.String("path", adapter.Path);
            json.Float("scale", adapter.Scale);
            json.EndObject();
        }

        json.EndArray();
    }

    private static void WriteDry(MetadataWriter json, DrySettings? dry)
    {
        if (dry is null)
        {
            return;
        }

        json.StartObject("dry");
        json.Float("multiplier", dry.Multiplier);
        json.Float("base", dry.Base);
        json.Count("allowed_length", dry.AllowedLength);
        json.Count("window", dry.Window);
        json.Strings("sequence_breakers", dry.SequenceBreakers);
        json.EndObject();
    }
}
