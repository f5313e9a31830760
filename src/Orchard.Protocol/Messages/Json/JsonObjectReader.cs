using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Orchard.Protocol.Messages.Json;

/// <summary>
/// Reads the members of a JSON object into a <typeparamref name="T"/> by a table of member names. Members may come in any order; unknown
/// members and nulls are skipped. Immutable and thread-safe.
/// </summary>
internal sealed class JsonObjectReader<T>
    where T : struct
{
    private readonly Member[][] _byLength;

    /// <param name="members">Names and readers. Of names with the same length the frequent ones should come first.</param>
    public JsonObjectReader(params ReadOnlySpan<(string Name, MemberReader Read)> members)
    {
        var byLength = new List<Member>?[MaxNameLength(members) + 1];
        foreach ((string name, MemberReader read) in members)
        {
            (byLength[name.Length] ??= []).Add(new Member(Encoding.ASCII.GetBytes(name), read));
        }

        _byLength = Array.ConvertAll(byLength, list => list?.ToArray() ?? []);
    }

    /// <summary>Reads one member. The reader is at a value that is not null, and must be left at the end of that value.</summary>
    /// <param name="reader">At the value.</param>
    /// <param name="target">Receives the value.</param>
    /// <param name="json">All input of <paramref name="reader"/>.</param>
    public delegate void MemberReader(ref Utf8JsonReader reader, ref T target, in ReadOnlySequence<byte> json);

    /// <summary>Reads an object; expects <paramref name="reader"/> at its start and leaves it at its end.</summary>
    public void Read(ref Utf8JsonReader reader, ref T target, in ReadOnlySequence<byte> json)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            MemberReader? member = reader.ValueIsEscaped || reader.HasValueSequence ? FindCopy(ref reader) : Find(reader.ValueSpan);
            reader.Read();
            if (member is null)
            {
                reader.Skip();
            }
            else if (reader.TokenType != JsonTokenType.Null)
            {
                member(ref reader, ref target, json);
            }
        }
    }

    private static int MaxNameLength(ReadOnlySpan<(string Name, MemberReader Read)> members)
    {
        int length = 0;
        foreach ((string name, _) in members)
        {
            length = Math.Max(length, name.Length);
        }

        return length;
    }

    private MemberReader? FindCopy(ref Utf8JsonReader reader)
    {
        // Room for the longest name with every character escaped as \uXXXX.
        Span<byte> name = stackalloc byte[(_byLength.Length - 1) * 6];
        long length = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
        return length > name.Length ? null : Find(name[..reader.CopyString(name)]);
    }

    private MemberReader? Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < _byLength.Length)
        {
            foreach (ref readonly Member member in _byLength[name.Length].AsSpan())
            {
                if (name.SequenceEqual(member.Name))
                {
                    return member.Read;
                }
            }
        }

        return null;
    }

    private readonly record struct Member(byte[] Name, MemberReader Read);
}
