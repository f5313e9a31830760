using System.Text;

namespace Orchard.Grammars;

/// <summary>
/// Finds marks in a text, byte by byte, as Aho and Corasick do it: a node for each beginning of a mark, and from each node an edge for
/// every byte. What counts only where the text begins has nodes of its own, which no edge leads back to.
/// </summary>
internal sealed class MarkTrie
{
    private readonly List<Node> _nodes = [new Node()];

    private MarkTrie()
    {
    }

    public int Count => _nodes.Count;

    /// <summary>Where a text begins.</summary>
    public int Start { get; private set; }

    /// <exception cref="GrammarException">A mark is empty.</exception>
    public static MarkTrie Build(IReadOnlyList<string> marks, IReadOnlyList<string> beginnings)
    {
        var trie = new MarkTrie();
        foreach (string mark in marks)
        {
            trie._nodes[trie.Add(0, mark)].IsMark = true;
        }

        trie.Link(0, 0);
        if (beginnings.Count > 0)
        {
            trie.Start = trie._nodes.Count;
            trie._nodes.Add(new Node());
            foreach (string mark in beginnings)
            {
                trie._nodes[trie.Add(trie.Start, mark)].IsBeginning = true;
            }

            trie.Link(trie.Start, 0);
        }

        return trie;
    }

    /// <summary>Whether a mark ends here.</summary>
    public bool IsMark(int node) => _nodes[node].IsMark;

    /// <summary>Whether one of the beginnings ends here.</summary>
    public bool IsBeginning(int node) => _nodes[node].IsBeginning;

    /// <summary>Where each byte leads from a node that is no mark.</summary>
    public IReadOnlyList<ByteEdge> EdgesOf(int node) => _nodes[node].Edges;

    private int Add(int root, string mark)
    {
        int node = root;
        foreach (byte value in Encoding.UTF8.GetBytes(mark))
        {
            if (!_nodes[node].Children.TryGetValue(value, out int child))
            {
                _nodes[node].Children.Add(value, child = _nodes.Count);
                _nodes.Add(new Node());
            }

            node = child;
        }

        return node != root ? node : throw new GrammarException("A mark that ends free text is empty.");
    }

    // Level by level: a node goes on like the longest beginning of a mark that the text ends with otherwise, but for its own children.
    private void Link(int root, int otherwise)
    {
        Span<int> targets = stackalloc int[256];
        var waiting = new Queue<(int Node, int Otherwise)>([(root, otherwise)]);
        while (waiting.TryDequeue(out (int Node, int Otherwise) at))
        {
            Node node = _nodes[at.Node];
            node.IsMark |= _nodes[at.Otherwise].IsMark;
            targets.Clear();
            foreach (ByteEdge edge in _nodes[at.Otherwise].Edges)
            {
                targets[edge.First..(edge.Last + 1)].Fill(edge.Target);
            }

            foreach ((byte value, int child) in node.Children)
            {
                waiting.Enqueue((child, at.Node == 0 ? 0 : targets[value]));
                targets[value] = child;
            }

            node.Edges = Compress(targets);
        }
    }

    private static List<ByteEdge> Compress(ReadOnlySpan<int> targets)
    {
        var edges = new List<ByteEdge>();
        for (int value = 0; value < 256; value++)
        {
            if (edges.Count > 0 && edges[^1].Target == targets[value])
            {
                edges[^1] = edges[^1] with { Last = (byte)value };
            }
            else
            {
                edges.Add(new ByteEdge((byte)value, (byte)value, targets[value]));
            }
        }

        return edges;
    }

    private sealed class Node
    {
        public Dictionary<byte, int> Children { get; } = [];

        public bool IsMark { get; set; }

        public bool IsBeginning { get; set; }

        public List<ByteEdge> Edges { get; set; } = [];
    }
}
