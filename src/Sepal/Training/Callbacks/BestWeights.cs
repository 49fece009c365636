namespace Sepal.Training.Callbacks;

/// <summary>The parameters of the best epoch so far, kept to be put back, and which epoch it was.</summary>
internal sealed class BestWeights
{
    private (float[] Trainable, float[] State)? _numbers;

    /// <summary>The best epoch so far, from 1; 0 before the first.</summary>
    public int Epoch { get; private set; }

    /// <summary>Takes an epoch for the best.</summary>
    /// <param name="epoch">Its number.</param>
    /// <param name="model">The model whose parameters to keep; null to keep none.</param>
    public void Take(int epoch, Model? model)
    {
        Epoch = epoch;
        _numbers = model?.Store.Snapshot();
    }

    /// <summary>Puts the parameters back, if any were kept.</summary>
    public void PutBack(Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_numbers is { } numbers)
        {
            model.Store.Restore(numbers);
        }
    }

    /// <summary>Writes the epoch and the parameters down for a checkpoint.</summary>
    public void Save(CallbackState state)
    {
        state.Set("best epoch", Epoch);
        if (_numbers is { } numbers)
        {
            state.Set("trainable", numbers.Trainable);
            state.Set("state", numbers.State);
        }
    }

    /// <summary>Takes the epoch and the parameters up from a checkpoint.</summary>
    public void Restore(CallbackState state)
    {
        Epoch = (int)(state.Number("best epoch") ?? 0);
        _numbers = state.Array("trainable") is { } trainable && state.Array("state") is { } rest ? (trainable, rest) : null;
    }
}
