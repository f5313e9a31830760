using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Orchard.Remote.Configuration;

/// <summary>Which certificates of servers are trusted, and which one the client shows. Thread-safe.</summary>
internal sealed class TlsSettings : IDisposable
{
    private readonly X509Certificate2Collection _owned = [];
    private readonly X509Certificate2Collection _trusted = [];
    private readonly SslStreamCertificateContext? _shown;

    /// <summary>Reads the files of an endpoint.</summary>
    /// <param name="files">The files.</param>
    /// <param name="trusted">The authorities that its user added.</param>
    /// <param name="shown">The certificate that its user set; null for none.</param>
    /// <exception cref="ArgumentException">A file cannot be read, or does not have what it should have.</exception>
    public TlsSettings(CertificateFiles files, X509Certificate2Collection trusted, X509Certificate2? shown)
    {
        try
        {
            _trusted.AddRange(trusted);
            if (files.TrustedCertificateFile is { } path)
            {
                _trusted.AddRange(ReadAll(files, path, nameof(files.TrustedCertificateFile)));
            }

            _shown = files.ClientCertificateFile is { } file
                ? ReadShown(files, file)
                : shown is not null ? SslStreamCertificateContext.Create(shown, null, offline: true) : null;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Returns the options of connections.</summary>
    public SslClientAuthenticationOptions ToOptions()
    {
        var options = new SslClientAuthenticationOptions { ClientCertificateContext = _shown };
        if (_trusted.Count > 0)
        {
            options.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck, // as without a policy; private authorities seldom publish lists
            };
            options.CertificateChainPolicy.CustomTrustStore.AddRange(_trusted);
        }

        return options;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in _owned)
        {
            certificate.Dispose();
        }
    }

    private SslStreamCertificateContext ReadShown(CertificateFiles files, string file)
    {
        X509Certificate2Collection issuers = ReadAll(files, file, nameof(files.ClientCertificateFile));
        X509Certificate2 certificate = Read(
            files,
            files.ClientCertificateKeyFile ?? file,
            nameof(files.ClientCertificateKeyFile),
            path =>
            {
                using X509Certificate2 read = X509Certificate2.CreateFromPemFile(file, path);

                // Windows offers keys that were read from PEM to no connection.
                return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
            });
        _owned.Add(certificate);
        return SslStreamCertificateContext.Create(certificate, issuers, offline: true);
    }

    private X509Certificate2Collection ReadAll(CertificateFiles files, string path, string property)
    {
        X509Certificate2Collection found = Read(files, path, property, static path =>
        {
            var all = new X509Certificate2Collection();
            all.ImportFromPemFile(path);
            return all.Count > 0 ? all : throw new CryptographicException("it has no certificate in PEM");
        });
        _owned.AddRange(found);
        return found;
    }

    private static T Read<T>(CertificateFiles files, string path, string property, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new ArgumentException(
                $"RemoteEndpoint.{property} of '{files.Endpoint}' is '{path}', which cannot be used: {e.Message.TrimEnd('.')}.",
                property,
                e);
        }
    }
}
