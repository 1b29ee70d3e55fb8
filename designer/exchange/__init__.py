"""Definitions from and to other places: SAM, CloudFormation and Terraform files, YAML, a page of its own."""
