using System.Text;

namespace Orchard.Grammars.Compilation;

/// <summary>
/// Finds markers in a text byte by byte (the Aho-Corasick algorithm): one node for each prefix of a marker, with an edge for every byte.
/// Prefixes that count only at the start of the text have separate nodes that no edge returns to.
/// </summary>
internal sealed class MarkerAutomaton
{
    private readonly List<Node> _nodes = [new Node()];
    private readonly CompilationBudget _budget;

    private MarkerAutomaton(CompilationBudget budget) => _budget = budget;

    public int Count => _nodes.Count;

    /// <summary>The node before the first byte of a text.</summary>
    public int Start { get; private set; }

    /// <param name="markers">Texts to find anywhere.</param>
    /// <param name="prefixes">Texts to find at the start of the text only.</param>
    /// <param name="budget">Limits the work.</param>
    /// <exception cref="GrammarException">A marker or prefix is empty, or it takes too much work.</exception>
    public static MarkerAutomaton Build(IReadOnlyList<string> markers, IReadOnlyList<string> prefixes, CompilationBudget budget)
    {
        var automaton = new MarkerAutomaton(budget);
        foreach (string marker in markers)
        {
            automaton._nodes[automaton.Add(0, marker)].EndsMarker = true;
        }

        automaton.Link(0);
        if (prefixes.Count > 0)
        {
            automaton.Start = automaton._nodes.Count;
            automaton._nodes.Add(new Node());
            foreach (string prefix in prefixes)
            {
                automaton._nodes[automaton.Add(automaton.Start, prefix)].EndsPrefix = true;
            }

            automaton.Link(automaton.Start);
        }

        return automaton;
    }

    /// <summary>Whether a marker ends at a node.</summary>
    public bool EndsMarker(int node) => _nodes[node].EndsMarker;

    /// <summary>Whether one of the prefixes ends at a node.</summary>
    public bool EndsPrefix(int node) => _nodes[node].EndsPrefix;

    /// <summary>The edges of a node at which no marker ends.</summary>
    public IReadOnlyList<ByteEdge> EdgesOf(int node) => _nodes[node].Edges;

    private int Add(int root, string text)
    {
        int node = root;
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            if (!_nodes[node].Children.TryGetValue(value, out int child))
            {
                _nodes[node].Children.Add(value, child = _nodes.Count);
                _nodes.Add(new Node());
            }

            node = child;
        }

        return node != root ? node : throw new GrammarException("A marker that ends free text must not be empty.");
    }

    // Breadth first. A node has the edges of its fallback, which is the node of the longest marker prefix that is a proper suffix of the
    // text so far, replaced by the edges to its own children.
    private void Link(int root)
    {
        Span<int> targets = stackalloc int[256];
        var waiting = new Queue<(int Node, int Fallback)>([(root, 0)]);
        while (waiting.TryDequeue(out (int Node, int Fallback) at))
        {
            Node node = _nodes[at.Node];
            _budget.Spend(targets.Length);
            node.EndsMarker |= _nodes[at.Fallback].EndsMarker;
            targets.Clear();
            foreach (ByteEdge edge in _nodes[at.Fallback].Edges)
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

        public bool EndsMarker { get; set; }

        public bool EndsPrefix { get; set; }

        public List<ByteEdge> Edges { get; set; } = [];
    }
}
