namespace ActorMD.Actors.Links;

/// <summary>A node that counts as there: the link to it, and the connection on which it sends.</summary>
internal sealed class DataPeer(DataLink link) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _gate = new();
    private DataConnection? _incoming;

    public DataLink Link => link;

    /// <summary>Whether it counts as there no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Makes this the one connection that is read, as soon as the one before it is no longer read.</summary>
    /// <returns>Whether it may be read, until <see cref="Release"/>; otherwise a newer one may, or the peer is gone.</returns>
    public async Task<bool> TryAdoptAsync(DataConnection connection, CancellationToken token)
    {
        lock (_gate)
        {
            if (IsGone)
            {
                return false;
            }

            _incoming?.Close();
            _incoming = connection;
        }

        await _reading.WaitAsync(token);
        if (IsCurrent(connection))
        {
            return true;
        }

        _reading.Release();
        return false;
    }

    /// <summary>Whether packets of this connection are still wanted.</summary>
    public bool IsCurrent(DataConnection connection)
    {
        lock (_gate)
        {
            return !IsGone && _incoming == connection;
        }
    }

    /// <summary>The connection is not read any more.</summary>
    public void Release() => _reading.Release();

    public void Dispose()
    {
        link.Dispose();
        lock (_gate)
        {
            IsGone = true;
            _incoming?.Close();
            _incoming = null;
        }
    }
}
