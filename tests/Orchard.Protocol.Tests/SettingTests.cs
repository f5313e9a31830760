namespace Orchard.Protocol.Tests;

public sealed class SettingTests
{
    private const string Name = "ORCHARD_X";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \t")]
    public void Blank_IsNotSet(string? text)
    {
        Setting setting = Of(text);

        Assert.Null(setting.Text);
        Assert.Null(setting.Flag());
        Assert.Null(setting.WholeNumber(0, 1));
        Assert.Null(setting.Seconds(TimeSpan.MaxValue));
        Assert.Null(setting.OneOf("a", "b"));
        Assert.Null(setting.AbsolutePath());
    }

    [Theory]
    [InlineData("1", true)]
    [InlineData(" true ", true)]
    [InlineData("ON", true)]
    [InlineData("0", false)]
    [InlineData("False", false)]
    [InlineData("no", false)]
    public void Flag_CommonSpellings_AreRead(string text, bool expected) => Assert.Equal(expected, Of(text).Flag());

    [Theory]
    [InlineData("0", 0)]
    [InlineData("2.5", 2.5)]
    [InlineData("60", 60)]
    [InlineData("-1", -0.001)]
    public void Seconds_NumberOrAlways_IsRead(string text, double expected) =>
        Assert.Equal(TimeSpan.FromSeconds(expected), Of(text).Seconds(TimeSpan.FromMinutes(1), orAlways: true));

    [Theory]
    [InlineData("maybe")]
    [InlineData("2")]
    public void Flag_AnythingElse_IsRefused(string text) => AssertRefused(text, "1 or 0", static setting => setting.Flag());

    [Theory]
    [InlineData("0")]
    [InlineData("9")]
    [InlineData("5.5")]
    [InlineData("many")]
    public void WholeNumber_AnythingElse_IsRefused(string text) =>
        AssertRefused(text, "a whole number from 1 to 8", static setting => setting.WholeNumber(1, 8));

    [Theory]
    [InlineData("-2")]
    [InlineData("-0.5")]
    [InlineData("61")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("5m")]
    public void Seconds_AnythingElse_IsRefused(string text) => AssertRefused(
        text, "a number of seconds from 0 to 60, or -1 for always", static setting => setting.Seconds(TimeSpan.FromMinutes(1), orAlways: true));

    [Fact]
    public void Seconds_AlwaysWhereItIsNotAllowed_IsRefused() =>
        AssertRefused("-1", "a number of seconds from 0 to 60", static setting => setting.Seconds(TimeSpan.FromMinutes(1)));

    [Fact]
    public void OneOf_AnythingElse_IsRefused() => AssertRefused("d", "a, b or c", static setting => setting.OneOf("a", "b", "c"));

    [Fact]
    public void OneOf_Name_IsReadRegardlessOfCase() => Assert.Equal(1, Of("B").OneOf("a", "b", "c"));

    [Fact]
    public void Names_OfAList_AreReadRegardlessOfCaseAndNumber() => Assert.Equal(["a1", "b"], Of(" A1 , b,").Names(["a", "b"], "a or b"));

    [Theory]
    [InlineData("c")]
    [InlineData("a,c1")]
    [InlineData(",")]
    public void Names_AnythingElse_IsRefused(string text) => AssertRefused(text, "a or b", static setting => setting.Names(["a", "b"], "a or b"));

    [Theory]
    [InlineData("engines")]
    [InlineData("./engines")]
    [InlineData("../engines")]
    public void AbsolutePath_RelativePath_IsRefused(string text) =>
        AssertRefused(text, "an absolute path", static setting => setting.AbsolutePath());

    [Fact]
    public void AbsolutePath_AbsoluteOrInTheHomeDirectory_IsRead()
    {
        string folder = Path.Combine(Path.GetTempPath(), "engines");

        Assert.Equal(folder, Of(folder).AbsolutePath());
        Assert.Equal(Path.Combine(UserPath.Home!, "engines"), Of("~/engines").AbsolutePath());
    }

    [Fact]
    public void Argument_Refused_IsNamed()
    {
        var error = Assert.Throws<InvalidSettingException>(() => Setting.OfArgument("--limit", "8GB").WholeNumber(1, 8, " of MiB"));

        Assert.Equal("--limit is '8GB'. Set it to a whole number of MiB from 1 to 8, or remove it.", error.Message);
    }

    private static void AssertRefused(string text, string allowed, Func<Setting, object?> read)
    {
        var error = Assert.Throws<InvalidSettingException>(() => read(Of(text)));

        Assert.Equal($"The environment variable {Name} is '{text}'. Set it to {allowed}, or remove it.", error.Message);
    }

    private static Setting Of(string? text) => Setting.OfVariable(Name, name => name == Name ? text : null);
}
