using Orchard.Cli.Terminals;

namespace Orchard.Cli.Tests;

/// <summary>The editing of a line.</summary>
public sealed class LineEditorTests
{
    private static readonly ConsoleKeyInfo Enter = Key(ConsoleKey.Enter, '\r');

    public static TheoryData<string, ConsoleKeyInfo[]> Edits => new()
    {
        { "abc", [.. Text("abc")] },
        { "abXc", [.. Text("abc"), Key(ConsoleKey.LeftArrow), .. Text("X")] },
        { "Xabc", [.. Text("abc"), Key(ConsoleKey.Home), .. Text("X")] },
        { "abcX", [.. Text("abc"), Control(ConsoleKey.A), Control(ConsoleKey.E), .. Text("X")] },
        { "ab", [.. Text("abc"), Key(ConsoleKey.Backspace)] },
        { "bc", [.. Text("abc"), Key(ConsoleKey.Home), Key(ConsoleKey.Delete)] },
        { "", [.. Text("abc"), Control(ConsoleKey.U)] },
        { "a", [.. Text("abc"), Key(ConsoleKey.Home), Key(ConsoleKey.RightArrow), Control(ConsoleKey.K)] },
        { "one ", [.. Text("one two "), Control(ConsoleKey.W)] },
        { "x", [.. Text("x😀"), Key(ConsoleKey.Backspace)] },
        { "a", [Key(ConsoleKey.Backspace), Key(ConsoleKey.Delete), Key(ConsoleKey.LeftArrow), Key(ConsoleKey.RightArrow), .. Text("a")] },
        { "a", [.. Text("a"), Key(ConsoleKey.F5), Key(ConsoleKey.UpArrow), Key(ConsoleKey.DownArrow)] },
    };

    [Theory]
    [MemberData(nameof(Edits))]
    public void Keys_MakeTheLine(string line, ConsoleKeyInfo[] keys) => Assert.Equal(line, Editor([.. keys, Enter]).ReadLine("> "));

    [Fact]
    public void Up_FindsEarlierLinesAndDownTheUnfinishedOne()
    {
        LineEditor editor = Editor(
        [
            .. Text("first"), Enter,
            .. Text("second"), Enter,
            .. Text("third"), Key(ConsoleKey.UpArrow), Key(ConsoleKey.UpArrow), Key(ConsoleKey.UpArrow), Enter,
            .. Text("fourth"), Key(ConsoleKey.UpArrow), Key(ConsoleKey.DownArrow), Enter,
        ]);

        Assert.Equal(["first", "second", "first", "fourth"], Enumerable.Range(0, 4).Select(_ => editor.ReadLine("> ")));
    }

    [Fact]
    public void CtrlD_EndsTheInputOnlyInAnEmptyLine()
    {
        LineEditor editor = Editor([.. Text("a"), Control(ConsoleKey.D), Enter, Control(ConsoleKey.D)]);

        Assert.Equal("a", editor.ReadLine("> "));
        Assert.Null(editor.ReadLine("> "));
    }

    [Fact]
    public void LineWiderThanTheTerminal_ShowsThePartWithTheCursor()
    {
        using var display = new StringWriter();
        var editor = new LineEditor(new Keys([.. Text("abcdefghijklmnop"), Enter], columns: 10), display);

        Assert.Equal("abcdefghijklmnop", editor.ReadLine("> "));
        string last = display.ToString().Split('\r')[^1];
        Assert.StartsWith("> jklmnop", last, StringComparison.Ordinal);
    }

    private static LineEditor Editor(ConsoleKeyInfo[] keys) => new(new Keys(keys), TextWriter.Null);

    private static IEnumerable<ConsoleKeyInfo> Text(string text) => text.Select(c => new ConsoleKeyInfo(c, 0, false, false, false));

    private static ConsoleKeyInfo Key(ConsoleKey key, char c = '\0') => new(c, key, false, false, false);

    private static ConsoleKeyInfo Control(ConsoleKey key) => new('\0', key, false, false, control: true);

    private sealed class Keys(ConsoleKeyInfo[] keys, int columns = 80) : IKeyboard
    {
        private int _next;

        public int Columns => columns;

        public ConsoleKeyInfo ReadKey() => keys[_next++];
    }
}
