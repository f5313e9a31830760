namespace Orchard.Protocol.Messages.Requests;

/// <summary>The kind of a request. Clients may send other numbers; the engine refuses kinds it does not support.</summary>
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
