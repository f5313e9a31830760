namespace Orchard.Protocol.Sockets;

/// <summary>The six supported scalability protocols. The values are the numbers in the connection header.</summary>
internal enum SpProtocol : ushort
{
    Pub = 0x20,
    Sub = 0x21,
    Req = 0x30,
    Rep = 0x31,
    Push = 0x50,
    Pull = 0x51,
}
