"""An authority of one's own, and a certificate of it for a host: for servers of tests."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from govern.settings import clock


def authority(folder: Path, *names: str) -> tuple[Path, ssl.SSLContext]:
    """The authority's certificate as a PEM file, and what a server with these names begins TLS with."""
    # TLS libraries ask the clock themselves.
    begins, ends = clock() - timedelta(days=1), clock() + timedelta(days=1)

    def made(subject: str, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
            .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "An authority")]))
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
        )

    root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    identifier = x509.SubjectKeyIdentifier.from_public_key(root_key.public_key())
    issued_by = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier)
    root = (
        made("An authority", root_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_signs_certificates(), critical=True)
        .add_extension(identifier, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    alternative = x509.SubjectAlternativeName([_name(each) for each in names])
    leaf = (
        made(names[0], key)
        .add_extension(alternative, critical=False)
        .add_extension(issued_by, critical=False)
        .sign(root_key, hashes.SHA256())
    )
    roots, both = folder / "roots.pem", folder / "server.pem"
    roots.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    both.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + leaf.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(both)
    return roots, context


def _signs_certificates() -> x509.KeyUsage:
    others = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(key_cert_sign=True, **dict.fromkeys(others, False))


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)
