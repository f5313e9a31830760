namespace Orchard.Protocol.Messages;

/// <summary>What a request asks for. Clients may send numbers this list does not name; the engine refuses what it cannot do.</summary>
internal enum RequestType
{
    Generation = 0,
    Embedding = 1,
    Query = 2,
    Point = 3,
    Detect = 4,
    Agent = 5,
    Omni = 6,
    PrefillTask = 7,
    Audio = 8,
    Image = 9,
}
