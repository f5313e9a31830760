namespace Orchard.Protocol.Messages;

/// <summary>Writes the <c>orchard</c> key of a prompt, with those of its keys that are not at their default.</summary>
internal static class PromptExtensionsWriter
{
    public static void Write(MetadataWriter json, PromptExtensions extensions)
    {
        if (extensions == PromptExtensions.None)
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

        WriteDry(json, extensions.Dry);
        json.EndObject();
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
        json.StartArray("sequence_breakers");
        foreach (string text in dry.SequenceBreakers)
        {
            json.String(text);
        }

        json.EndArray();
        json.EndObject();
    }
}
