namespace Orchard;

/// <summary>Stands in for the framework's: whoever comes while the value is made waits for it.</summary>
internal sealed class Lazy<T>(Func<T> make)
{
    private readonly Lock _gate = new();
    private T? _value;
    private bool _isMade;

    public T Value
    {
        get
        {
            lock (_gate)
            {
                if (!_isMade)
                {
                    _value = make();
                    _isMade = true;
                }

                return _value!;
            }
        }
    }
}
