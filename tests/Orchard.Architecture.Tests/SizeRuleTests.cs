using Orchard.Architecture.Tests.Rules;
using Orchard.Architecture.Tests.Rules.Model;

namespace Orchard.Architecture.Tests;

public sealed class SizeRuleTests
{
    private const string FourLines = "class A\n{\n    // comment\n}\n";

    [Theory]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    public void FileLength_CountsLines(int limit, int violations) =>
        Assert.Equal(violations, new FileLengthRule(limit).Check(Planted.App(("A.cs", FourLines))).Count);

    [Fact]
    public void FileLength_NamesTheFile()
    {
        Violation violation = Assert.Single(new FileLengthRule(3).Check(Planted.App(("Sub/A.cs", FourLines))));

        Assert.Equal("App/Sub/A.cs: 4 lines, allowed are 3", violation.ToString());
    }

    [Fact]
    public void FolderSize_CountsSubfolders()
    {
        CodeBase code = Planted.App(
            ("Sub/A.cs", FourLines),
            ("Sub/Deep/B.cs", FourLines),
            ("Other/C.cs", FourLines),
            ("D.cs", FourLines));

        Assert.Empty(new FolderSizeRule("App", 8).Check(code));
        Assert.Empty(new FolderSizeRule("Elsewhere", 1).Check(code));
        Violation violation = Assert.Single(new FolderSizeRule("App", 7).Check(code));
        Assert.Equal("App/Sub: 8 lines in 2 files, allowed are 7 lines", violation.ToString());
    }

    [Fact]
    public void LineLength_CountsColumns()
    {
        CodeBase code = Planted.App(("A.cs", "class A\n{\n    // twenty-one columns\n}\n"));

        Assert.Empty(new LineLengthRule(25).Check(code));
        Assert.Equal("App/A.cs:3: 25 columns, allowed are 24", Assert.Single(new LineLengthRule(24).Check(code)).ToString());
    }

    [Fact]
    public void CodeSize_IsMeasured()
    {
        CodeBase code = Planted.App(("A.cs", "class A;\n"), ("Sub/B.cs", "\nclass B;\n"), ("Sub/C.cs", FourLines));

        CodeSize size = CodeSize.Of(Assert.Single(code.Projects));

        Assert.Equal((3, 7, 2, 4, 4), (size.Files, size.Lines, size.Median, size.Percentile90, size.Maximum));
        Assert.Equal(("Sub", 6), (size.LargestFolder, size.LargestFolderLines));
    }
}
