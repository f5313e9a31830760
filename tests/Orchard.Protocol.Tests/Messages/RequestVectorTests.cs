using Orchard.Protocol.Messages.Requests;

namespace Orchard.Protocol.Tests.Messages;

public class RequestVectorTests
{
    public static TheoryData<string> Names => VectorFile.Requests;

    [Fact]
    public void Folder_HoldsAllRequestVectors() => Assert.Equal(17, Names.Count);

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_Vector_IsByteEqual(string name)
    {
        VectorFile vector = VectorFile.LoadRequest(name);

        byte[] request = Encoded.Encode(RequestVector.Build(vector.Json));

        Assert.Equal(Convert.ToHexString(vector.Bytes), Convert.ToHexString(request));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Read_Vector_GivesTheFieldsThatWereSent(string name)
    {
        VectorFile vector = VectorFile.LoadRequest(name);

        WireRequest request = Encoded.Decode(vector.Bytes);

        Assert.Equal(Encoded.Describe(Resolve(RequestVector.Build(vector.Json))), Encoded.Describe(request));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ReadThenWrite_Vector_IsByteEqual(string name)
    {
        byte[] bytes = VectorFile.LoadRequest(name).Bytes;

        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(Encoded.Encode(Encoded.Decode(bytes))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Write_DefaultsOmitted_IsShorterAndMeansTheSame(string name)
    {
        VectorFile vector = VectorFile.LoadRequest(name);

        byte[] request = Encoded.Encode(RequestVector.Build(vector.Json), omitDefaults: true);

        Assert.True(request.Length < vector.Bytes.Length, $"{request.Length} bytes instead of {vector.Bytes.Length}");
        Assert.Equal(Convert.ToHexString(vector.Bytes), Convert.ToHexString(Encoded.Encode(Encoded.Decode(request))));
    }

    /// <summary>The request that the receiver must get, with every default filled in.</summary>
    private static WireRequest Resolve(WireRequest request) => request with
    {
        Prompts = [.. request.Prompts.Select(prompt => prompt with
        {
            BestOf = prompt.BestOf ?? prompt.NumCandidates,
            FinalCandidates = prompt.FinalCandidates ?? prompt.BestOf ?? prompt.NumCandidates,
            ActiveToolSchemasJson = prompt.ActiveToolSchemasJson.Length > 0 ? prompt.ActiveToolSchemasJson : prompt.ToolSchemasJson,
            MinToolCalls = prompt.MinToolCalls == 0 ? 1 : prompt.MinToolCalls,
            Layout = [.. (prompt.Layout ?? LayoutRules.Default(prompt)).Select(segment =>
                segment.Type == LayoutSegmentType.Capability ? segment with { Length = 0 } : segment)],
        })],
    };
}
