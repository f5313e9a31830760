using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchard.Remote.Tests;

/// <summary>A private authority, and the certificates that it issued.</summary>
internal sealed class Certificates : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset Begin = DateTimeOffset.UtcNow.AddDays(-1);

    /// <summary>Makes an authority.</summary>
    public Certificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using X509Certificate2 made = request.CreateSelfSigned(Begin, Begin.AddDays(30));
        Authority = Keep(made);
        Server = Issue("CN=localhost", ServerUse, "localhost", IPAddress.Loopback);
        Other = Issue("CN=other.example", ServerUse, "other.example");
        Client = Issue("CN=client", ClientUse, "client.example");
    }

    public X509Certificate2 Authority { get; }

    /// <summary>The certificate of a server at 127.0.0.1.</summary>
    public X509Certificate2 Server { get; }

    /// <summary>The certificate of another server.</summary>
    public X509Certificate2 Other { get; }

    public X509Certificate2 Client { get; }

    public void Dispose()
    {
        Authority.Dispose();
        Server.Dispose();
        Other.Dispose();
        Client.Dispose();
    }

    private static X509Certificate2 Keep(X509Certificate2 certificate) => X509CertificateLoader.LoadPkcs12(
        certificate.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);

    private X509Certificate2 Issue(string name, string use, string host, IPAddress? address = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        if (address is not null)
        {
            names.AddIpAddress(address);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], false));
        using X509Certificate2 issued = request.Create(Authority, Begin, Begin.AddDays(20), RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        return Keep(whole);
    }
}
