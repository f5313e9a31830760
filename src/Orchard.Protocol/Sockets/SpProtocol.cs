namespace Orchard.Protocol.Sockets;

/// <summary>The six scalability protocols in use, by the number each side announces in its connection header.</summary>
internal enum SpProtocol : ushort
{
    Pub = 0x20,
    Sub = 0x21,
    Req = 0x30,
    Rep = 0x31,
    Push = 0x50,
    Pull = 0x51,
}
