"""What an attacker would try first, each as a test: nothing gets in, out, or tells more than it must."""
