using System.Text;
using Orchard.Engine.Inference;
using Orchard.Engine.Serving.Models;
using Orchard.Protocol;
using Orchard.Protocol.Messages;
using Orchard.Protocol.Messages.Management;
using Orchard.Protocol.Messages.Requests;

namespace Orchard.Engine.Serving.Management;

/// <summary>Commands that use a loaded model's tokenizer. Thread-safe.</summary>
internal sealed class TokenCommands(LoadedModels models)
{
    public ManagementReply Tokenize(ManagementCommand command)
    {
        if (command.Texts is not { } texts || Array.Exists(texts, text => text is null))
        {
            return Replies.Refuse("tokenize needs texts, a list of strings.");
        }

        using ModelUse? use = Find(command);
        if (use is not { Model: { } model })
        {
            return NotLoaded(command);
        }

        bool special = command.Special ?? false;
        int[] plain = command.PlainText ?? [];
        if (plain.Length > 0 && (texts.Length != 1 || !special))
        {
            return Replies.Refuse("plain_text of tokenize needs exactly one text and special.");
        }

        try
        {
            int[][] tokens = Array.ConvertAll(texts, text => Tokenize(model.Tokenizer, text, special, plain));
            return Replies.Ok with { Data = new ManagementReplyData { Tokenize = tokens } };
        }
        catch (Exception e) when (e is WireException or ArgumentException)
        {
            return Replies.Refuse(e.Message, ErrorCode.InvalidRequest);
        }
    }

    public ManagementReply Detokenize(ManagementCommand command)
    {
        if (command.Tokens is not { } tokens)
        {
            return Replies.Refuse("detokenize needs tokens, a list of token ids.");
        }

        using ModelUse? use = Find(command);
        if (use is not { Model: { } model })
        {
            return NotLoaded(command);
        }

        try
        {
            string text = model.Tokenizer.Detokenize(tokens, command.Special ?? false);
            return Replies.Ok with { Data = new ManagementReplyData { Detokenize = text } };
        }
        catch (ArgumentException e) // a token is not in the vocabulary
        {
            return Replies.Refuse(e.Message, ErrorCode.InvalidRequest);
        }
    }

    private static int[] Tokenize(ITokenizer tokenizer, string text, bool special, int[] plain)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        return special
            ? tokenizer.Tokenize(utf8, PlainSpan.Decode(plain, (ulong)utf8.Length))
            : tokenizer.Tokenize(utf8, addSpecial: false, parseSpecial: false);
    }

    private ModelUse? Find(ManagementCommand command) =>
        string.IsNullOrEmpty(command.CanonicalId) ? null : models.Find(command.CanonicalId)?.TryUse(command.ResponseChannelId ?? 0);

    private static ManagementReply NotLoaded(ManagementCommand command) => Replies.Refuse(
        $"Model '{command.CanonicalId}' is not loaded; load it and wait until it is ready.", ErrorCode.ModelNotLoaded);
}
