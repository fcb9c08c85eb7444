"""What a person is given of everything about them: told case by case, spelled out, packed."""
