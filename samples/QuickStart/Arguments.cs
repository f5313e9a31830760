namespace QuickStart;

/// <summary>The command line: <c>[--model NAME-OR-PATH] [question]</c>. Without a question the chat is interactive.</summary>
internal sealed record Arguments(string Model, string? Question)
{
    public static Arguments Parse(string[] args)
    {
        string model = "starter";
        var words = new List<string>();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] != "--model")
            {
                words.Add(args[i]);
            }
            else if (++i < args.Length)
            {
                model = args[i];
            }
            else
            {
                Console.Error.WriteLine("--model needs a value: 'starter', the path of a GGUF file, or a name of the hub.");
                Environment.Exit(2);
            }
        }

        return new Arguments(model, words.Count == 0 ? null : string.Join(' ', words));
    }
}
